import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

let entitlements = create();
const project = { orgId: "acme", resourceType: "quota:project" } as const;

function create() {
  return createEntitlements({
    adapter: memoryAdapter(),
    resources: { "quota:project": counter({ label: "Projects" }) },
  });
}

beforeEach(() => {
  entitlements = create();
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

describe("the clock of a call", () => {
  const endings: Record<string, () => Promise<unknown>> = {
    "was granted": () => entitlements.consume(project),
    "was refused": async () => {
      await entitlements.setLimit({ ...project, limit: 0 });
      await entitlements.consume(project);
    },
    threw: () => entitlements.enforce(project, () => Promise.reject(new Error("no"))),
    "only read": () => entitlements.usage({ orgId: "acme" }),
  };

  // Fails where a timer is left behind: a script would then end a minute late.
  test.each(Object.entries(endings))("ends with a call that %s", async (_what, call) => {
    const before = timers();
    await call().catch(() => {});
    expect(timers()).toBe(before);
  });
});

describe("the host's clock", () => {
  test.each([new Date(Number.NaN), undefined, 5, "2030-01-01", new Date(8.64e15), new Date(-8.64e15)])(
    "that answers with %s is a ConfigurationError, not a limit that has ended",
    async (now) => {
      const timed = createEntitlements({
        adapter: memoryAdapter(),
        resources: { "quota:project": counter({ label: "Projects" }) },
        clock: () => now as Date,
      });
      for (const call of [
        () => timed.consume(project),
        () => timed.usage({ orgId: "acme" }),
        () => timed.overLimit(),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
        await expect(call()).rejects.toThrow(/clock must answer with a valid Date/);
      }
    },
  );
});
