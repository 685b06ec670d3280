import { waitFor } from "@testing-library/react";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkUsage } from "../data/check.ts";
import { LOADING } from "../data/state.ts";
import { answering, renderHookUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { useCheck } from "./use-check.ts";

const rows = [
  row({ resourceType: "quota:project", limit: 10, current: 8 }),
  row({ resourceType: "quota:call", limit: null, current: 1_000_000 }),
  row({ resourceType: "quota:export", limit: 0, current: 0 }),
  row({ resourceType: "quota:report", limit: 0, current: 2 }),
  row({ resourceType: "feature:sso", kind: "feature", limit: 1, current: 1 }),
  row({ resourceType: "feature:audit", kind: "feature", limit: 0, current: 0 }),
];

async function ready() {
  const { result } = renderHookUnder({ fetcher: answering(response("acme", ...rows)) }, useCheck);
  await waitFor(() => expect(result.current("quota:call").allowed).toBe(true));
  return result.current;
}

test("what is not known is denied", async () => {
  const loading = renderHookUnder({ fetcher: answering(response("acme", ...rows)), orgId: null }, useCheck);
  expect(loading.result.current("quota:call")).toEqual({ allowed: false, reason: "loading" });
  const failing = renderHookUnder({ fetcher: () => Promise.reject(new Error("offline")) }, useCheck);
  await waitFor(() => expect(failing.result.current("quota:call")).toEqual({ allowed: false, reason: "error" }));
});

test("as much as is left is allowed, one more is not", async () => {
  const check = await ready();
  expect(check("quota:project")).toEqual({ allowed: true, reason: null });
  expect(check("quota:project", 2)).toEqual({ allowed: true, reason: null });
  expect(check("quota:project", 3)).toEqual({ allowed: false, reason: "limit" });
});

test("no limit allows everything, a limit of 0 and a resource nobody sent allow nothing", async () => {
  const check = await ready();
  expect(check("quota:call", 1_000_000).allowed).toBe(true);
  expect(check("quota:export")).toEqual({ allowed: false, reason: "blocked" });
  expect(check("quota:report")).toEqual({ allowed: false, reason: "limit" });
  expect(check("quota:typo")).toEqual({ allowed: false, reason: "unconfigured" });
});

test("a feature is on or off and is not used up", async () => {
  const check = await ready();
  expect(check("feature:sso").allowed).toBe(true);
  expect(check("feature:audit")).toEqual({ allowed: false, reason: "blocked" });
});

test("amounts that are none are denied", async () => {
  const check = await ready();
  for (const amount of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1]) {
    expect(check("quota:call", amount)).toEqual({ allowed: false, reason: "amount" });
  }
});

test("a check allows exactly what fits under the limit", () => {
  const units = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(units, units, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (limit, current, amount) => {
      const state = {
        status: "ready" as const,
        orgId: "acme",
        entitlements: [row({ resourceType: "quota:project", limit, current })],
        unreadable: [],
        error: null,
        isStale: false,
      };
      expect(checkUsage(state, "quota:project", amount).allowed).toBe(amount <= limit - current);
      expect(checkUsage(LOADING, "quota:project", amount).allowed).toBe(false);
    }),
  );
});
