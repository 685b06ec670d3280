import { expect, test } from "vitest";
import { english } from "./english.ts";
import { createFormat } from "./format.ts";

test("numbers, lists and days are written as the locale writes them", () => {
  const german = createFormat("de");
  expect(german.number(1_234_567)).toBe("1.234.567");
  expect(german.list(["Anna", "Ben", "Cem"])).toBe("Anna, Ben und Cem");
  expect(german.date(new Date("2026-12-01T23:30:00Z"))).toBe("01.12.2026");
});

test("a plural takes the form of its language, with the number in it", () => {
  const forms = { one: "# místo", few: "# místa", other: "# míst" };
  const czech = createFormat("cs");
  expect([1, 3, 1000].map((n) => czech.plural(n, forms))).toEqual(["1 místo", "3 místa", "1\u00a0000 míst"]);
});

test("how far away a moment is comes in the largest unit that fits", () => {
  const { relative } = createFormat("en");
  const now = new Date("2026-01-01T00:00:00Z");
  const after = (ms: number) => relative(new Date(now.getTime() + ms), now);
  expect(after(0)).toBe("in 1 minute");
  expect(after(5 * 60_000)).toBe("in 5 minutes");
  expect(after(3 * 3_600_000)).toBe("in 3 hours");
  expect(after(86_400_000)).toBe("in 1 day");
  expect(after(3 * 86_400_000)).toBe("in 3 days");
  expect(after(-60 * 86_400_000)).toBe("2 months ago");
  expect(after(400 * 86_400_000)).toBe("in 1 year");
});

test("thirty days after the first of a month are no next month", () => {
  const [first, last] = [new Date("2026-12-01T00:00:00Z"), new Date("2026-12-31T00:00:00Z")];
  expect(createFormat("en").relative(last, first)).toBe("in 1 month");
});

test("a misspelt or unknown locale is read in English instead of breaking the page", () => {
  expect(createFormat("not a locale").locale).toBe("en");
  expect(createFormat("tlh").locale).toBe("en");
  expect(createFormat("pt_BR").locale).toBe("pt-BR");
});

test("the bar read aloud tells the truth over the limit, and keeps acronyms", () => {
  const format = createFormat("en");
  const aloud = (label: string, current: number, reserved = 0) =>
    english.usageAloud({ label, current, limit: 10, reserved }, format);
  expect(aloud("Admin seats", 12)).toBe("12 of 10 admin seats, 2 over the limit");
  expect(aloud("SSO users", 10)).toBe("10 of 10 SSO users, limit reached");
  expect(aloud("Projects", 8, 1)).toBe("8 of 10 projects, 1 reserved");
});
