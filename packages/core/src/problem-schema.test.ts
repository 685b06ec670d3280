import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseProblem, problemSchema } from "./wire.ts";

const full = {
  type: "urn:entitlements:problem:limit-reached",
  title: "Payment Required",
  status: 402,
  code: "ENTITLEMENT_LIMIT_REACHED",
  detail: "Projects limit reached (5/5)",
  instance: "/projects",
  resourceType: "quota:project",
  current: 5,
  limit: 5,
  requested: 1,
  resetsAt: null,
};

describe("a problem document", () => {
  test("is read as it is sent", () => {
    expect(parseProblem(full)).toEqual(full);
  });

  test.each<[string, unknown]>([
    ["status", 200],
    ["status", "402"],
    ["code", "ENTITLEMENT_LIMIT"],
    ["code", undefined],
    ["current", -1],
    ["current", "5"],
    ["limit", null],
    ["limit", 1.5],
    ["requested", undefined],
    ["detail", undefined],
    ["type", 5],
    ["title", null],
    ["instance", 5],
    ["resourceType", undefined],
    ["resetsAt", undefined],
  ])("with the %s %j is none of ours", (field, value) => {
    expect(parseProblem({ ...full, [field]: value })).toBeNull();
  });

  test.each([-5, 0, 200, 302, 399, 600, 4.5, "500"])(
    "that is no error by its status, %j, is none of ours",
    (status) => {
      expect(parseProblem({ type: "t", title: "t", detail: "d", code: "ENTITLEMENT_INTERNAL", status })).toBeNull();
    },
  );

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "Payment Required"],
    ["HTML", "<html></html>"],
    ["a number", 402],
    ["a list", [full]],
    ["an empty object", {}],
    ["another service's problem", { type: "about:blank", title: "Not Found", status: 404 }],
    ["better-auth's error", { code: "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED", message: "limit" }],
    ["an object without a prototype", Object.create(null)],
  ])("is not seen in %s", (_what, body) => {
    expect(parseProblem(body)).toBeNull();
  });

  test("reading never throws, whatever the body was", () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        parseProblem(body);
        parseProblem({ ...full, current: body });
      }),
    );
  });

  test("of the outcome of a failed database is rolled-back or unknown", () => {
    const storage = { type: "t", title: "t", detail: "d", status: 503, code: "ENTITLEMENT_STORAGE" };
    for (const [outcome, good] of [
      ["rolled-back", true],
      ["unknown", true],
      ["committed", false],
      [undefined, false],
    ]) {
      expect(problemSchema.safeParse({ ...storage, outcome }).success).toBe(good);
    }
  });
});
