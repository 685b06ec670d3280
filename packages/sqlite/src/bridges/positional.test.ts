import { expect, it } from "vitest";
import { positional } from "./positional.ts";

it("every named parameter becomes a place, with its value each time it is named", () => {
  const { sql, values } = positional("select :a, :b, :a from t where x = :b");
  expect(sql).toBe("select ?, ?, ? from t where x = ?");
  expect(values({ a: 1n, b: "two", c: null })).toEqual([1n, "two", 1n, "two"]);
});

it.each(["select ':a', \":a\", `:a`, [:a]", "select 'it''s :a' -- :a", "select 1 /* :a\n :a */"])(
  "what only looks like one stays as it is: %s",
  (named) => {
    const { sql, values } = positional(named);
    expect(sql).toBe(named);
    expect(values({ a: 1n })).toEqual([]);
  },
);
