import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  clock: () => new Date("2030-01-01T00:00:00.000Z"),
  resources: { "quota:project": counter({ label: "Projects" }) },
});
const orgId = "acme";
const resourceType = "quota:project";
const project = { orgId, resourceType } as const;
let ran = 0;
const write = () => ran++;

/** The call is refused for `field`; nothing was written and nothing of the host's ran. */
async function expectRefused(call: () => Promise<unknown>, field: string, message: string): Promise<void> {
  const before = adapter.rows("org_entitlement");
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST", status: 400, field, message });
  expect(adapter.rows("org_entitlement")).toEqual(before);
}

beforeEach(async () => {
  ran = 0;
  await entitlements.forget({ orgId });
  await entitlements.setLimit({ ...project, limit: 5 });
});

afterEach(() => {
  expect(ran).toBe(0);
});

describe("a misspelt option is refused, not ignored", () => {
  const calls: Record<string, readonly [(options: object) => Promise<unknown>, string]> = {
    enforce: [(o) => entitlements.enforce({ ...project, ...o }, write), "orgId, tx, resourceType, amount, claims, signal, when"],
    consume: [(o) => entitlements.consume({ ...project, ...o }), "orgId, tx, resourceType, amount, claims, signal"],
    check: [(o) => entitlements.check({ ...project, ...o }), "orgId, tx, resourceType, amount"],
    usage: [(o) => entitlements.usage({ orgId, ...o }), "orgId, tx"],
    resolveEntitlement: [(o) => entitlements.resolveEntitlement({ ...project, ...o }), "orgId, tx, resourceType"],
    setLimit: [(o) => entitlements.setLimit({ ...project, limit: 1, ...o }), "orgId, tx, resourceType, limit, reason, actor, expiresAt"],
    clearLimit: [(o) => entitlements.clearLimit({ ...project, ...o }), "orgId, tx, resourceType, reason, actor"],
    limits: [(o) => entitlements.limits({ orgId, ...o }), "orgId, tx"],
    overLimit: [(o) => entitlements.overLimit({ ...o }), "pageSize, cursor"],
    forget: [(o) => entitlements.forget({ orgId, ...o }), "orgId, tx"],
  };
  test.each(Object.entries(calls))("%s", async (method, [call, known]) => {
    await expectRefused(() => call({ ammount: 2 }), "ammount", `${method}() has no option "ammount". It takes: ${known}.`);
  });

  test("also where it is one of another method: consume has no `when`", async () => {
    await expectRefused(() => entitlements.consume({ ...project, when: () => false } as never), "when",
      'consume() has no option "when". It takes: orgId, tx, resourceType, amount, claims, signal.');
  });
});

test.each([[undefined, "undefined"], [null, "null"], ["acme", '"acme"'], [5, "5"]])("a request that is %j is refused", async (request, shown) => {
  const message = (method: string) => `${method}() wants an object such as { orgId: "acme" }, not ${shown}.`;
  await expectRefused(() => entitlements.usage(request as never), "request", message("usage"));
  await expectRefused(() => entitlements.enforce(request as never, write), "request", message("enforce"));
  if (request !== undefined) await expectRefused(() => entitlements.overLimit(request as never), "request", message("overLimit"));
});

test("`tx: null` is refused everywhere: a transaction got lost", async () => {
  const message = "tx is null. Pass your open transaction, or leave `tx` out to let the SDK open one.";
  const tx = null as never;
  await expectRefused(() => entitlements.enforce({ ...project, tx }, write), "tx", message);
  await expectRefused(() => entitlements.consume({ ...project, tx }), "tx", message);
  await expectRefused(() => entitlements.check({ ...project, tx }), "tx", message);
  await expectRefused(() => entitlements.usage({ orgId, tx }), "tx", message);
  await expectRefused(() => entitlements.setLimit({ ...project, limit: 1, tx }), "tx", message);
  await expectRefused(() => entitlements.forget({ orgId, tx }), "tx", message);
});

test.each([[null, "null"], [{ aborted: false }, "an object"], ["abort", '"abort"'], [new AbortController(), "an object"]])(
  "a signal that is no AbortSignal is refused: %o",
  async (signal, shown) => {
    const message = `signal must be an AbortSignal, not ${shown}.`;
    await expectRefused(() => entitlements.enforce({ ...project, signal: signal as never }, write), "signal", message);
    await expectRefused(() => entitlements.consume({ ...project, signal: signal as never }), "signal", message);
  },
);

test.each([[null, "null"], [true, "true"], ["yes", '"yes"'], [{}, "an object"]])("a `when` that is no function is refused: %j", async (when, shown) => {
  await expectRefused(() => entitlements.enforce({ ...project, when: when as never }, write), "when", `when must be a function (tx) => …, not ${shown}.`);
});

test.each([["undefined", undefined], ["null", null], ["0", 0], ["1", 1], ['"true"', "true"], ["an object", {}]])(
  "a `when` that answers neither true nor false but %s is refused, never taken for no",
  async (shown, answer) => {
    const message = `\`when\` must answer true or false, not ${shown}.`;
    await expectRefused(() => entitlements.enforce({ ...project, when: () => answer as never }, write), "when", message);
    await expectRefused(() => entitlements.enforce({ ...project, when: async () => answer as never }, write), "when", message);
  },
);

test.each([[undefined, "undefined"], [null, "null"], [{}, "an object"], [Promise.resolve(1), "an object"]])(
  "a write that is no function is refused: %o",
  async (notWrite, shown) => {
    await expectRefused(() => entitlements.enforce(project, notWrite as never), "write", `write must be a function (tx) => …, not ${shown}.`);
  },
);

describe("expiresAt", () => {
  test.each([
    ["a text", "2031-01-01", "must be a valid Date, not \"2031-01-01\"."],
    ["a number", 1_900_000_000_000, "must be a valid Date, not 1900000000000."],
    ["an invalid date", new Date("tomorrow"), "must be a valid Date, not an invalid date."],
    ["in the past", new Date("2029-12-31T23:59:59.999Z"), "(2029-12-31T23:59:59.999Z) has passed already; use clearLimit() to end a limit now."],
    ["this very moment", new Date("2030-01-01T00:00:00.000Z"), "(2030-01-01T00:00:00.000Z) has passed already; use clearLimit() to end a limit now."],
    ["the end of time", new Date(8.64e15), "lies after the year 9999; leave it out for a limit without end."],
  ])("that is %s is refused", async (_what, expiresAt, says) => {
    await expectRefused(() => entitlements.setLimit({ ...project, limit: 1, expiresAt: expiresAt as never }), "expiresAt", `expiresAt ${says}`);
  });

  test("may be a millisecond ahead, the last moment of the year 9999, null or left out", async () => {
    for (const expiresAt of [new Date("2030-01-01T00:00:00.001Z"), new Date("9999-12-31T23:59:59.999Z"), null, undefined]) {
      await entitlements.setLimit({ ...project, limit: 1, expiresAt });
      expect(await entitlements.limits({ orgId })).toMatchObject([{ limit: 1, expiresAt: expiresAt?.toISOString() ?? null }]);
    }
  });
});

describe.each(["reason", "actor"])("the %s of a limit", (field) => {
  test.each([
    ["1,001 characters long", "x".repeat(1001), /^\w+ must be a text of at most 1000 characters, not "x+…\.$/],
    ["a number", 5, /must be a text of at most 1000 characters, not 5\.$/],
    ["an object", {}, /not an object\.$/],
    ["a text with NUL", "a\0b", /holds a NUL character or half a surrogate pair, which cannot be stored unchanged\.$/],
    ["half an emoji", "\ud83d", /half a surrogate pair/],
  ])("is refused when it is %s", async (_what, value, says) => {
    const message = expect.stringMatching(says);
    await expectRefused(() => entitlements.setLimit({ ...project, limit: 1, [field]: value }), field, message);
    await expectRefused(() => entitlements.clearLimit({ ...project, [field]: value }), field, message);
  });

  test.each(["", "it's; drop table x", "Vertrag – 日本 😀", "x".repeat(1000)])("is kept exactly: %j", async (text) => {
    await entitlements.setLimit({ ...project, limit: 1, [field]: text });
    expect(await entitlements.limits({ orgId })).toMatchObject([{ [field]: text }]);
  });
});
