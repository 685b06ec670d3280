import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, InvalidRequestError, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
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
    enforce: [
      (o) => entitlements.enforce({ ...project, ...o }, write),
      "orgId, tx, resourceType, amount, claims, signal, idempotencyKey, locking, when",
    ],
    consume: [
      (o) => entitlements.consume({ ...project, ...o }),
      "orgId, tx, resourceType, amount, claims, signal, idempotencyKey, locking",
    ],
    reserve: [
      (o) => entitlements.reserve({ ...project, ...o }),
      "orgId, tx, resourceType, amount, key, covers, ttlMs, signal",
    ],
    confirm: [(o) => entitlements.confirm({ orgId, key: "k", ...o }, write), "orgId, tx, id, key, signal"],
    release: [(o) => entitlements.release({ orgId, key: "k", ...o }), "orgId, tx, id, key, signal"],
    check: [(o) => entitlements.check({ ...project, ...o }), "orgId, tx, resourceType, amount"],
    usage: [(o) => entitlements.usage({ orgId, ...o }), "orgId, tx"],
    resolveEntitlement: [(o) => entitlements.resolveEntitlement({ ...project, ...o }), "orgId, tx, resourceType"],
    setLimit: [
      (o) => entitlements.setLimit({ ...project, limit: 1, ...o }),
      "orgId, tx, resourceType, limit, reason, actor, expiresAt",
    ],
    clearLimit: [(o) => entitlements.clearLimit({ ...project, ...o }), "orgId, tx, resourceType, reason, actor"],
    limits: [(o) => entitlements.limits({ orgId, ...o }), "orgId, tx"],
    overLimit: [(o) => entitlements.overLimit({ ...o }), "pageSize, cursor"],
    forget: [(o) => entitlements.forget({ orgId, ...o }), "orgId, tx"],
  };
  test.each(Object.entries(calls))("%s", async (method, [call, known]) => {
    await expectRefused(
      () => call({ ammount: 2 }),
      "ammount",
      `${method}() has no option "ammount". It takes: ${known}.`,
    );
  });

  test("also where it is one of another method: consume has no `when`", async () => {
    await expectRefused(
      () => entitlements.consume({ ...project, when: () => false } as never),
      "when",
      'consume() has no option "when". It takes: orgId, tx, resourceType, amount, claims, signal, idempotencyKey, locking.',
    );
  });
});

test.each([
  [undefined, "undefined"],
  [null, "null"],
  ["acme", '"acme"'],
  [5, "5"],
])("a request that is %j is refused", async (request, shown) => {
  const message = (method: string) => `${method}() wants an object such as { orgId: "acme" }, not ${shown}.`;
  await expectRefused(() => entitlements.usage(request as never), "request", message("usage"));
  await expectRefused(() => entitlements.enforce(request as never, write), "request", message("enforce"));
  if (request !== undefined)
    await expectRefused(() => entitlements.overLimit(request as never), "request", message("overLimit"));
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

test.each([
  [null, "null"],
  [{ aborted: false }, "an object"],
  ["abort", '"abort"'],
  [new AbortController(), "an object"],
])("a signal that is no AbortSignal is refused: %o", async (signal, shown) => {
  const message = `signal must be an AbortSignal, not ${shown}.`;
  await expectRefused(() => entitlements.enforce({ ...project, signal: signal as never }, write), "signal", message);
  await expectRefused(() => entitlements.consume({ ...project, signal: signal as never }), "signal", message);
});

test.each([
  [null, "null"],
  [true, "true"],
  ["yes", '"yes"'],
  [{}, "an object"],
])("a `when` that is no function is refused: %j", async (when, shown) => {
  await expectRefused(
    () => entitlements.enforce({ ...project, when: when as never }, write),
    "when",
    `when must be a function (tx) => …, not ${shown}.`,
  );
});

test.each([
  ["undefined", undefined],
  ["null", null],
  ["0", 0],
  ["1", 1],
  ['"true"', "true"],
  ["an object", {}],
])("a `when` that answers neither true nor false but %s is refused, never taken for no", async (shown, answer) => {
  const message = `\`when\` must answer true or false, not ${shown}.`;
  await expectRefused(() => entitlements.enforce({ ...project, when: () => answer as never }, write), "when", message);
  await expectRefused(
    () => entitlements.enforce({ ...project, when: async () => answer as never }, write),
    "when",
    message,
  );
});

test.each([
  [undefined, "undefined"],
  [null, "null"],
  [{}, "an object"],
  [Promise.resolve(1), "an object"],
])("a write that is no function is refused: %o", async (notWrite, shown) => {
  await expectRefused(
    () => entitlements.enforce(project, notWrite as never),
    "write",
    `write must be a function (tx) => …, not ${shown}.`,
  );
});
