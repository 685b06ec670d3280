import { statusOf } from "@x/entitlements-core/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayStatus } from "./display-status.ts";

const units = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const limits = fc.option(units);

test("with numbers at hand the status is the one that the server computes", () => {
  fc.assert(
    fc.property(limits, units, (limit, current) => {
      expect(displayStatus({ limit, current })).toBe(statusOf(limit, current));
    }),
  );
});

test("no limit row is unconfigured, null is unlimited, 0 is blocked: three different things", () => {
  expect(displayStatus({ current: 3 })).toBe("unconfigured");
  expect(displayStatus({ limit: null, current: 3 })).toBe("unlimited");
  expect(displayStatus({ limit: 0, current: 0 })).toBe("blocked");
});

test("while loading or failed nothing else is shown, whatever numbers are left over", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("loading", "error"),
      fc.option(limits, { nil: undefined }),
      units,
      (state, limit, current) => {
        expect(displayStatus({ state, limit, current, status: "ok" })).toBe(state);
      },
    ),
  );
});

describe("numbers that are none come out as an error, never as room", () => {
  const strange = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, undefined);

  test("as the count", () => {
    fc.assert(
      fc.property(limits, strange, (limit, current) => {
        expect(displayStatus({ limit, current, status: "ok" })).toBe("error");
      }),
    );
  });

  test("as the limit", () => {
    for (const limit of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      expect(displayStatus({ limit, current: 0, status: "ok" })).toBe("error");
    }
  });
});

test("the server's own threshold for near wins over the one here", () => {
  expect(displayStatus({ limit: 10, current: 5, status: "near" })).toBe("near");
  expect(displayStatus({ limit: 10, current: 5, nearAt: 0.5 })).toBe("near");
  expect(displayStatus({ limit: 10, current: 5 })).toBe("ok");
});

test("a number is never shown as unlimited, and no number is never measured", () => {
  expect(displayStatus({ limit: 10, current: 12, status: "unlimited" })).toBe("over");
  expect(displayStatus({ limit: null, current: 12, status: "over" })).toBe("unlimited");
});
