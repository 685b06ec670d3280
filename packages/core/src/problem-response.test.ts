import { expect, test } from "vitest";
import {
  ConfigurationError,
  IdempotencyMismatchError,
  InvalidRequestError,
  LimitReachedError,
  LockTimeoutError,
  ReservationConflictError,
  ReservationExpiredError,
  StorageError,
  TransactionConflictError,
} from "./errors.ts";
import { problemFrom, problemResponse } from "./http.ts";

const full = { orgId: "acme", resourceType: "quota:project", label: "Projects", current: 5, limit: 5, requested: 1 };

test.each<[number, string, unknown]>([
  [402, "a full limit", new LimitReachedError(full)],
  [409, "a reservation that is gone", new ReservationExpiredError({ orgId: "acme", reservation: "k" })],
  [409, "a key used otherwise", new IdempotencyMismatchError({ orgId: "acme", idempotencyKey: "k" })],
  [400, "bad input", new InvalidRequestError("amount", "amount must be a whole number.")],
  [500, "a wrong set-up", new ConfigurationError("tables are missing")],
  [500, "anything else", undefined],
])("%i, for %s, is a problem document that is never cached", async (status, _what, error) => {
  const response = problemResponse(error, { instance: "/projects" });
  expect(response.status).toBe(status);
  expect([...response.headers]).toEqual([
    ["cache-control", "no-store"],
    ["content-type", "application/problem+json"],
  ]);
  expect(await response.json()).toEqual(problemFrom(error, { instance: "/projects" }));
});

test.each<[string, unknown]>([
  ["a lock that was not had in time", new LockTimeoutError({ phase: "wait", orgId: "acme", timeoutMs: 5 })],
  ["a conflict", new TransactionConflictError("conflict")],
  ["a failed database", new StorageError("lost", { outcome: "unknown" })],
])("503, for %s, also says when to come back", async (_what, error) => {
  const response = problemResponse(error);
  expect(response.status).toBe(503);
  expect([...response.headers]).toEqual([
    ["cache-control", "no-store"],
    ["content-type", "application/problem+json"],
    ["retry-after", "1"],
  ]);
  expect(await response.json()).toEqual(problemFrom(error));
});

test("409, for a key that another attempt holds, says when that one ends at the latest", () => {
  const conflict = new ReservationConflictError({ orgId: "acme", key: "k", retryAfterSeconds: 30 });
  const response = problemResponse(conflict);
  expect([response.status, response.headers.get("Retry-After")]).toEqual([409, "30"]);
});
