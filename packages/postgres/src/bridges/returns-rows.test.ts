import { expect, test } from "vitest";
import { returnsRows } from "./returns-rows.ts";

test.each([
  "select 1",
  "\n  with moment as (select 1) select * from moment",
  "explain select 1",
  "insert into t (a) values ('x') on conflict (a) do update set a = t.a\n returning a",
])("%s returns rows", (statement) => {
  expect(returnsRows(statement)).toBe(true);
});

test.each([
  "set local lock_timeout = 5",
  "savepoint entitlements_1",
  "insert into t (a) values ('for a returning customer')",
  "update t set a = 'it''s returning ' where b = E'\\\\ returning'",
  "delete from t",
])("%s returns none", (statement) => {
  expect(returnsRows(statement)).toBe(false);
});
