import { beforeAll, describe, expect, test, vi } from "vitest";
import * as errors from "./errors.ts";
import { quote } from "./quote.ts";

const reached = { orgId: "acme", resourceType: "quota:project", label: "Projects", current: 5, limit: 5, requested: 2 };

/** One of each kind, made by the given copy of the package. */
function oneOfEach(copy: typeof errors) {
  return {
    LimitReachedError: new copy.LimitReachedError(reached),
    FeatureDisabledError: new copy.FeatureDisabledError({
      orgId: "acme",
      resourceType: "feature:sso",
      label: "Single sign-on",
    }),
    LockTimeoutError: new copy.LockTimeoutError({ phase: "wait", orgId: "acme", timeoutMs: 5 }),
    TransactionConflictError: new copy.TransactionConflictError("conflict"),
    StorageError: new copy.StorageError("lost", { outcome: "unknown" }),
    ReservationConflictError: new copy.ReservationConflictError({ orgId: "acme", key: "k", retryAfterSeconds: 30 }),
    ReservationExpiredError: new copy.ReservationExpiredError({ orgId: "acme", reservation: "k" }),
    IdempotencyMismatchError: new copy.IdempotencyMismatchError({ orgId: "acme", idempotencyKey: "k" }),
    InvalidRequestError: new copy.InvalidRequestError("amount", "amount is wrong"),
    ConfigurationError: new copy.ConfigurationError("tables are missing"),
  };
}
type Name = keyof ReturnType<typeof oneOfEach>;

const guards: Record<Name, (error: unknown) => boolean> = {
  LimitReachedError: errors.isLimitReachedError,
  FeatureDisabledError: errors.isFeatureDisabledError,
  LockTimeoutError: errors.isLockTimeoutError,
  TransactionConflictError: errors.isTransactionConflictError,
  StorageError: errors.isStorageError,
  ReservationConflictError: errors.isReservationConflictError,
  ReservationExpiredError: errors.isReservationExpiredError,
  IdempotencyMismatchError: errors.isIdempotencyMismatchError,
  InvalidRequestError: errors.isInvalidRequestError,
  ConfigurationError: errors.isConfigurationError,
};

const table: readonly (readonly [Name, string, number])[] = [
  ["LimitReachedError", "ENTITLEMENT_LIMIT_REACHED", 402],
  ["FeatureDisabledError", "ENTITLEMENT_FEATURE_DISABLED", 402],
  ["LockTimeoutError", "ENTITLEMENT_LOCK_TIMEOUT", 503],
  ["TransactionConflictError", "ENTITLEMENT_TRANSACTION_CONFLICT", 503],
  ["StorageError", "ENTITLEMENT_STORAGE", 503],
  ["ReservationConflictError", "ENTITLEMENT_RESERVATION_CONFLICT", 409],
  ["ReservationExpiredError", "ENTITLEMENT_RESERVATION_EXPIRED", 409],
  ["IdempotencyMismatchError", "ENTITLEMENT_IDEMPOTENCY_MISMATCH", 409],
  ["InvalidRequestError", "ENTITLEMENT_INVALID_REQUEST", 400],
  ["ConfigurationError", "ENTITLEMENT_CONFIGURATION", 500],
];

let second: typeof errors;
beforeAll(async () => {
  // As when two versions of the package are installed side by side.
  vi.resetModules();
  second = await import("./errors.ts");
});

describe.each(table)("%s", (name, code, status) => {
  test("has its literal code and status, its name, and is an Error of this package", () => {
    const error = oneOfEach(errors)[name];
    expect(error).toMatchObject({ name, code, status });
    expect(error).toBeInstanceOf(errors.EntitlementsError);
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof errors.PaymentRequiredError).toBe(status === 402);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain("oneOfEach");
  });

  test("is recognised by its guard, by those of its bases, and by no other", () => {
    const error = oneOfEach(errors)[name];
    for (const [guarded, guard] of Object.entries(guards)) expect(guard(error)).toBe(guarded === name);
    expect(errors.isEntitlementsError(error)).toBe(true);
    expect(errors.isPaymentRequiredError(error)).toBe(status === 402);
  });

  test("made by another copy of the package is recognised all the same", () => {
    const error = oneOfEach(second)[name];
    expect(error).not.toBeInstanceOf(errors.EntitlementsError);
    for (const [guarded, guard] of Object.entries(guards)) expect(guard(error)).toBe(guarded === name);
    expect(errors.isEntitlementsError(error)).toBe(true);
    expect(errors.isPaymentRequiredError(error)).toBe(status === 402);
  });
});

test("a name does not change when a bundler renames the class", () => {
  class _class3 extends errors.ConfigurationError {}
  expect(String(new _class3("tables are missing"))).toBe("ConfigurationError: tables are missing");
});

describe("the guards", () => {
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "ENTITLEMENT_LIMIT_REACHED"],
    ["a plain error", new Error("x")],
    [
      "an error that happens to have the code",
      Object.assign(new Error("x"), { code: "ENTITLEMENT_LIMIT_REACHED", status: 402 }),
    ],
    ["a problem document", { code: "ENTITLEMENT_LIMIT_REACHED", status: 402 }],
    ["a function", () => {}],
    ["an object without a prototype", Object.create(null)],
  ])("recognise nothing foreign: %s", (_what, value) => {
    for (const guard of [...Object.values(guards), errors.isEntitlementsError, errors.isPaymentRequiredError])
      expect(guard(value)).toBe(false);
  });
});

describe("the data and messages", () => {
  test("of LimitReachedError: who asked for what, why not, what to do", () => {
    const error = new errors.LimitReachedError(reached);
    expect(error).toMatchObject(reached);
    expect(error.message).toBe(
      'Projects limit reached (5/5): organisation "acme" asked for 2 more of quota:project. Nothing was written. Free some units or raise the limit with setLimit().',
    );
  });

  test("of LockTimeoutError: which of the two times ran out", () => {
    const hold = new errors.LockTimeoutError({ phase: "hold", orgId: "acme", timeoutMs: 60_000 });
    expect(hold).toMatchObject({
      phase: "hold",
      retryAfterSeconds: 1,
      message: expect.stringMatching(
        /kept its transaction open longer than 60000 ms and was rolled back\. Keep slow calls/,
      ),
    });
    expect(oneOfEach(errors).LockTimeoutError).toMatchObject({
      phase: "wait",
      message: expect.stringMatching(/within 5 ms: other writers hold them\. Nothing was written; try again\./),
    });
  });

  test("of StorageError: the outcome, and the driver's error as the cause only", () => {
    const cause = new Error("connection to 10.0.0.7 lost");
    const error = new errors.StorageError("The database failed.", { outcome: "rolled-back", cause });
    expect(error).toMatchObject({ outcome: "rolled-back", retryAfterSeconds: 1, message: "The database failed." });
    expect(error.cause).toBe(cause);
  });

  test("of the others: a cause where one is given", () => {
    const cause = { code: "40001" };
    expect(new errors.TransactionConflictError("conflict", { cause })).toMatchObject({ cause, retryAfterSeconds: 1 });
    expect(new errors.ConfigurationError("newer schema", { cause }).cause).toBe(cause);
    expect("cause" in new errors.ConfigurationError("newer schema")).toBe(false);
    expect(new errors.InvalidRequestError("amount", "x").field).toBe("amount");
  });

  test("keep an organisation's id on one line and short", () => {
    const { message } = new errors.LimitReachedError({ ...reached, orgId: `a\nb"${"x".repeat(500)}` });
    expect(message).toContain(String.raw`organisation "a\nb\"xxx`);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(250);
  });
});

describe("quote shows any input in a message", () => {
  const hostile = {
    toString: () => {
      throw new Error("ran");
    },
    toJSON: () => {
      throw new Error("ran");
    },
  };
  test.each<[unknown, string]>([
    ["a", '"a"'],
    ["", '""'],
    ["a\nb", String.raw`"a\nb"`],
    [5, "5"],
    [-0, "0"],
    [Number.NaN, "NaN"],
    [5n, "5n"],
    [true, "true"],
    [null, "null"],
    [undefined, "undefined"],
    [[], "an array"],
    [[1], "an array"],
    [{}, "an object"],
    [Object.create(null), "an object"],
    [hostile, "an object"],
    [() => "secret", "a function"],
    [Symbol("s"), "a symbol"],
    [new Date(0), "a date"],
    [new Date("x"), "an invalid date"],
  ])("%o", (value, shown) => {
    expect(quote(value)).toBe(shown);
  });
});
