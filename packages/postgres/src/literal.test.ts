import { InvalidRequestError } from "@x/entitlements-core/errors";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { literal, textArray } from "./sql/literal.ts";

const evil = fc.string({
  unit: fc.constantFrom(
    "'",
    '"',
    "\\",
    "$",
    "E",
    "-",
    "/",
    "*",
    ";",
    ":",
    "\n",
    "\r",
    "u",
    "0",
    "’",
    "é",
    "組",
    "🏢",
    " ",
    "%",
    "_",
  ),
});
const any = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
const texts = fc.array(fc.oneof(evil, any), { minLength: 1, maxLength: 40 });

describe.each(["on", "off"])("with standard_conforming_strings %s", (setting) => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client(inject("serverUrl"));
    await client.connect();
    await client.query(`set standard_conforming_strings = ${setting}; set escape_string_warning = off`);
  });
  afterAll(() => client.end());

  test("any text comes back as it was", async () => {
    const property = fc.asyncProperty(texts, async (values) => {
      const { rows } = await client.query(
        `select ${values.map((value, index) => `${literal(value)}::text as v${index}`).join(", ")}`,
      );
      expect(values.map((_, index) => rows[0][`v${index}`])).toEqual(values);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("any list of texts comes back as it was", async () => {
    const property = fc.asyncProperty(texts, async (values) => {
      const { rows } = await client.query(`select to_json(${textArray(values)}) as list`);
      expect(rows[0].list).toEqual(values);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test("a text ends where it ends, right after a keyword as well", async () => {
    const { rows } = await client.query(`select 1 where'a'=${literal("a")}or'\t'=${literal("\\")}`);
    expect(rows).toHaveLength(1);
  });
});

test("numbers, moments and what is not given", async () => {
  const client = new pg.Client(inject("serverUrl"));
  await client.connect();
  const moment = new Date("2030-01-01T00:00:00.123Z");
  const values = [Number.MAX_SAFE_INTEGER, 0, -5].map((value) => `1 - (0 - ${literal(value)}) - 1 = (${value})`);
  const { rows } = await client.query(
    `select ${values.join(" and ")} as numbers, ${literal(moment)} as moment, ${literal(null)} as nothing, ${literal(true)} and not ${literal(false)} as truth`,
  );
  await client.end();
  expect(rows).toEqual([{ numbers: true, moment, nothing: null, truth: true }]);
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%s is no number that is kept exactly", (value) => {
  expect(() => literal(value)).toThrow(InvalidRequestError);
});

test("a NUL, which PostgreSQL's text cannot hold, is refused", () => {
  expect(() => literal("a\0b")).toThrow(InvalidRequestError);
});
