import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  FeatureDisabledError,
  IdempotencyMismatchError,
  InvalidRequestError,
  LimitReachedError,
  LockTimeoutError,
  ReservationConflictError,
  ReservationExpiredError,
  StorageError,
  TransactionConflictError,
} from "./errors.ts";
import { problemFrom } from "./http.ts";
import { parseProblem, problemSchema } from "./wire.ts";

const secret = "postgres://root:hunter2@10.0.0.7/db";
const driver = new Error(`connect ${secret}`);
const full = new LimitReachedError({
  orgId: "acme",
  resourceType: "quota:project",
  label: "Projects",
  current: 5,
  limit: 5,
  requested: 1,
});
const off = new FeatureDisabledError({ orgId: "acme", resourceType: "feature:sso", label: "Single sign-on" });

const kinds: readonly (readonly [string, unknown, object])[] = [
  [
    "limit-reached",
    full,
    {
      title: "Payment Required",
      status: 402,
      code: "ENTITLEMENT_LIMIT_REACHED",
      detail: "Projects limit reached (5/5)",
      resourceType: "quota:project",
      current: 5,
      limit: 5,
      requested: 1,
      resetsAt: null,
    },
  ],
  [
    "feature-disabled",
    off,
    {
      title: "Payment Required",
      status: 402,
      code: "ENTITLEMENT_FEATURE_DISABLED",
      detail: "Single sign-on is not part of your plan",
      resourceType: "feature:sso",
    },
  ],
  [
    "reservation-conflict",
    new ReservationConflictError({ orgId: "acme", key: secret, retryAfterSeconds: 30 }),
    {
      title: "Conflict",
      status: 409,
      code: "ENTITLEMENT_RESERVATION_CONFLICT",
      detail: "Another attempt is under way; nothing was saved. Try again.",
    },
  ],
  [
    "reservation-expired",
    new ReservationExpiredError({ orgId: "acme", reservation: secret }),
    {
      title: "Conflict",
      status: 409,
      code: "ENTITLEMENT_RESERVATION_EXPIRED",
      detail: "This took too long; nothing was saved. Start again.",
    },
  ],
  [
    "idempotency-mismatch",
    new IdempotencyMismatchError({ orgId: "acme", idempotencyKey: secret }),
    {
      title: "Conflict",
      status: 409,
      code: "ENTITLEMENT_IDEMPOTENCY_MISMATCH",
      detail: "This key was used for something else; nothing was saved.",
    },
  ],
  [
    "storage",
    new StorageError(secret, { outcome: "rolled-back", cause: driver }),
    {
      title: "Service Unavailable",
      status: 503,
      code: "ENTITLEMENT_STORAGE",
      detail: "The database failed; nothing was saved.",
      outcome: "rolled-back",
    },
  ],
  [
    "storage",
    new StorageError(secret, { outcome: "unknown", cause: driver }),
    {
      title: "Service Unavailable",
      status: 503,
      code: "ENTITLEMENT_STORAGE",
      detail: "The database failed; it is not known whether the change was saved.",
      outcome: "unknown",
    },
  ],
  [
    "lock-timeout",
    new LockTimeoutError({ phase: "wait", orgId: secret, timeoutMs: 5 }),
    {
      title: "Service Unavailable",
      status: 503,
      code: "ENTITLEMENT_LOCK_TIMEOUT",
      detail: "Too many changes at once; nothing was saved. Try again.",
    },
  ],
  [
    "transaction-conflict",
    new TransactionConflictError(secret, { cause: driver }),
    {
      title: "Service Unavailable",
      status: 503,
      code: "ENTITLEMENT_TRANSACTION_CONFLICT",
      detail: "Too many changes at once; nothing was saved. Try again.",
    },
  ],
  [
    "invalid-request",
    new InvalidRequestError("amount", "amount must be a whole number."),
    {
      title: "Bad Request",
      status: 400,
      code: "ENTITLEMENT_INVALID_REQUEST",
      detail: "amount must be a whole number.",
    },
  ],
  [
    "internal",
    new ConfigurationError(secret, { cause: driver }),
    {
      title: "Internal Server Error",
      status: 500,
      code: "ENTITLEMENT_INTERNAL",
      detail: "Something went wrong on our side.",
    },
  ],
];

const foreign: readonly (readonly [string, unknown])[] = [
  ["an error", driver],
  [
    "a subclass with a code of ours",
    Object.assign(new TypeError(secret), { code: "ENTITLEMENT_LIMIT_REACHED", status: 402, label: secret }),
  ],
  ["a text", secret],
  ["an object", { message: secret, status: 400 }],
  ["undefined", undefined],
  ["null", null],
  ["a driver's error with SQL", Object.assign(new Error("syntax error"), { query: `select '${secret}'`, status: 418 })],
];

describe("a problem document", () => {
  test("of a full limit is exactly the documented one", () => {
    expect(problemFrom(full, { instance: "/projects" })).toEqual({
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
    });
  });

  test.each(kinds)("%s has its type, title, status, code and detail, and nothing else", (name, error, document) => {
    expect(problemFrom(error)).toEqual({ type: `urn:entitlements:problem:${name}`, ...document });
  });

  test.each(kinds)("%s is what the schema says, and survives the way through JSON", (_name, error) => {
    for (const options of [{}, { instance: "/projects", type: () => "https://example.com/errors" }]) {
      const problem = problemFrom(error, options);
      expect(problemSchema.parse(problem)).toEqual(problem);
      expect(parseProblem(JSON.parse(JSON.stringify(problem)))).toEqual(problem);
    }
  });

  test.each(kinds)("%s tells nothing of the inside", (_name, error) => {
    expect(JSON.stringify(problemFrom(error))).not.toMatch(/hunter2|10\.0\.0\.7|stack|\bat \S+ \(/);
  });

  test.each(foreign)("of what is no error of ours, %s, is a plain 500 and no more", (_what, error) => {
    expect(problemFrom(error, { instance: "/projects" })).toEqual({
      type: "urn:entitlements:problem:internal",
      title: "Internal Server Error",
      status: 500,
      code: "ENTITLEMENT_INTERNAL",
      detail: "Something went wrong on our side.",
      instance: "/projects",
    });
  });

  test("names the host's documentation page where it is told how", () => {
    const type = (code: string) => `https://docs.example.com/errors/${code.toLowerCase()}`;
    expect(problemFrom(full, { type })).toMatchObject({
      type: "https://docs.example.com/errors/entitlement_limit_reached",
      code: "ENTITLEMENT_LIMIT_REACHED",
    });
    expect(problemFrom(driver, { type })).toMatchObject({
      type: "https://docs.example.com/errors/entitlement_internal",
    });
  });

  test("has an instance only where one is given", () => {
    expect("instance" in problemFrom(full)).toBe(false);
    expect("instance" in problemFrom(full, { instance: undefined })).toBe(false);
  });

  test("never names the organisation", () => {
    for (const [, error] of kinds) expect(JSON.stringify(problemFrom(error))).not.toContain("acme");
  });
});
