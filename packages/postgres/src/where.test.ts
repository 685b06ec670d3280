import { ConfigurationError } from "@x/entitlements-core/errors";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { boundTo, momentSql } from "./measure.ts";
import { bind } from "./sql/where.ts";

const ORG = "o'brien\\ :orgId";
const bound = boundTo(ORG, momentSql(undefined));
let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client(inject("serverUrl"));
  await client.connect();
});
afterAll(() => client.end());

/** What a condition comes to for the organisation. */
async function isTrue(condition: string): Promise<unknown> {
  const { rows } = await client.query(`select (${bind("`where`", condition, bound)}\n) as value`);
  return rows[0].value;
}

// All are true where the parameters, and nothing but them, are bound.
test.each([
  ["a parameter", ":orgId = E'o\\'brien\\\\ :orgId'"],
  [
    "a parameter in every position",
    "coalesce(nullif(:orgId,''),:orgId)=:orgId and (:orgId)||:orgId = concat(:orgId,:orgId)",
  ],
  ["a parameter that is cast", ":orgId::text = :orgId and cast(:orgId as text)::varchar(99)::text = :orgId"],
  ["the time", ":now > :now - interval '1 second' and :nowMs between 1.6e12 and 9e12"],
  ["the time as milliseconds", "abs(:nowMs - extract(epoch from clock_timestamp()) * 1000) < 10000"],
  ["a cast", "1::text = '1' and '5' ::int = 5"],
  ["a text that looks like a parameter", "':orgId' = ':' || 'orgId' and 'it''s :x' <> ''"],
  ["a text that ends in a backslash", "'\\' || :orgId = concat('\\', :orgId)"],
  ["a text with escapes", "E'it\\'s :orgId' = 'it''s :' || 'orgId' and e'\\\\' || :orgId <> ''"],
  ["a text in Unicode escapes", "U&'\\003AorgId :x' = ':' || 'orgId :' || 'x'"],
  ["dollar quotes", "$$ :orgId ' $$ = ' :' || 'orgId '' '"],
  ["dollar quotes with a tag", "$tag$ $$ :orgId $other$ $tag$ <> :orgId"],
  ["dollar quotes with a tag that is not ASCII", "$ä$ :x $ä$ = ' :' || 'x '"],
  ["a quoted name", `exists (select 1 from (select true as "a:orgId", 1 as "say ""x"" :y") as one where "a:orgId")`],
  ["a comment to the end of the line", "true -- :tenant '\n and :orgId <> ''"],
  ["a comment to a carriage return", "true -- :tenant\r and :orgId <> ''"],
  ["a comment at the end", "true -- :tenant"],
  ["a comment", "true /* :tenant ' $1 */ and :orgId <> ''"],
  ["comments within comments", "true /* :a /* :b ' */ :c /* /* $1 */ */ ' */ and :orgId <> ''"],
  ["stars and slashes", "6 * 2 / 3 = 4 /***/ and /* / * */ :orgId <> '' /* **/"],
  [
    "a slice of an array",
    "(array[1,2,3])[1:2] = array[1,2] and (array[1,2,3])[:2] = array[1,2] and (array[1,2,3])[2:] = array[2,3]",
  ],
  ["a slice up to a parameter", "(array[1,2,3])[1: length(:orgId)] = array[1,2,3]"],
  [
    "operators of JSON",
    `'{"a":{"b":1}}'::jsonb @> '{"a":{}}' and '{"a":1}'::jsonb ? 'a' and '{"a":1}'::json->>'a' = '1' and '{"a":{"b":1}}'::jsonb #>> '{a,b}' = '1'`,
  ],
  [
    "a named argument",
    "make_interval(secs := 1) = interval '1 second' and make_interval(secs => 1) = interval '1 second'",
  ],
])("%s", async (_what, condition) => {
  expect(await isTrue(condition)).toBe(true);
});

// Fails when the organisation's id is put in as it is.
test("an id cannot break out of its place", async () => {
  for (const id of ["' or true --", "\\' or true --", "$$", "*/ true", "\\"]) {
    const { rows } = await client.query(`select (${bind("`where`", ":orgId = 'x'", boundTo(id, "now()"))}) as value`);
    expect(rows[0].value).toBe(false);
  }
});

test.each([":tenant", ":orgid", ":orgId2", ":ORGID", "$1", "a = $2", "x::text = :y", "E'\\\\' || :z"])(
  "what nothing binds is refused: %s",
  (condition) => {
    expect(() => bind("`where` of quota:item", condition, bound)).toThrow(ConfigurationError);
    expect(() => bind("`where` of quota:item", condition, bound)).toThrow(/quota:item.*nothing binds/);
  },
);
