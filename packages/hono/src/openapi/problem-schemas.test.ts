import {
  FeatureDisabledError,
  LimitReachedError,
  LockTimeoutError,
  StorageError,
  TransactionConflictError,
} from "@x/entitlements-core";
import { createEntitlementsHandler, type Problem, problemFrom } from "@x/entitlements-core/http";
import { usageResponseSchema } from "@x/entitlements-core/wire";
import { describe, expect, it } from "vitest";
import { denied, forbidden, unavailable } from "./problem-schemas.ts";
import { usage } from "./usage-schema.ts";

const limit = { orgId: "acme", resourceType: "quota:project", label: "Projects", current: 5, limit: 5, requested: 1 };

/** What the gate can answer, with the schema that the document names for it. */
const problems = [
  [denied, problemFrom(new LimitReachedError(limit))],
  [denied, problemFrom(new FeatureDisabledError(limit), { instance: "/projects" })],
  [unavailable, problemFrom(new LockTimeoutError({ phase: "wait", orgId: "acme", timeoutMs: 1 }))],
  [unavailable, problemFrom(new LockTimeoutError({ phase: "hold", orgId: "acme", timeoutMs: 1 }))],
  [unavailable, problemFrom(new TransactionConflictError("conflict"))],
  [unavailable, problemFrom(new StorageError("failed", { outcome: "unknown" }))],
  [unavailable, problemFrom(new StorageError("failed", { outcome: "rolled-back" }))],
] as const;

describe("the schema of the document", () => {
  it.each(problems)("knows every member of what is answered, and wants each: $code", (schema, problem) => {
    expect(schema.parse(problem)).toEqual(problem);
    for (const member of Object.keys(problem)) {
      const without = Object.fromEntries(Object.entries(problem).filter(([name]) => name !== member));
      expect(schema.safeParse(without).success, `without ${member}`).toBe(member === "instance");
    }
  });

  it("takes no problem of another status", () => {
    for (const [schema, problem] of problems) {
      const others = new Set([denied, unavailable]);
      others.delete(schema);
      for (const other of others) expect(other.safeParse(problem).success).toBe(false);
    }
  });

  it.each([
    ["a negative count", { current: -1 }],
    ["a fraction", { limit: 0.5 }],
    ["a count beyond 2^53 - 1", { requested: 2 ** 53 }],
    ["another code", { code: "ENTITLEMENT_FULL" }],
    ["another status", { status: 403 }],
    ["a moment that is no text", { resetsAt: 0 }],
  ])("takes no %s, as core's does not", (_name, wrong) => {
    const problem: Problem = problemFrom(new LimitReachedError(limit));
    expect(denied.safeParse({ ...problem, ...wrong }).success).toBe(false);
  });

  it("knows what the usage endpoint answers", async () => {
    const line = {
      resourceType: "quota:project",
      label: "Projects",
      kind: "count",
      limit: null,
      current: 5,
      reserved: 1,
      remaining: null,
      status: "unlimited",
      resetsAt: null,
    } as const;
    const entitlements = { usage: async () => [line, { ...line, limit: 5, remaining: 0, status: "at" } as const] };
    const ask = (orgId: string | null) =>
      createEntitlementsHandler({ entitlements, authorize: () => (orgId === null ? null : { orgId }) })(
        new Request("https://app.example/"),
      );
    const body = JSON.parse(await (await ask("acme")).text());
    expect(usage.parse(body)).toEqual(body);
    expect(usageResponseSchema.parse(body)).toEqual(body);
    expect(usage.safeParse({ ...body, entitlements: [{ ...line, resourceType: "Projects" }] }).success).toBe(false);
    const refused = await (await ask(null)).json();
    expect(forbidden.parse(refused)).toEqual(refused);
  });
});
