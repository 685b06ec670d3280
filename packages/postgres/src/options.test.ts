import { isConfigurationError } from "@x/entitlements-core/errors";
import pg from "pg";
import { expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";

const pool = new pg.Pool();

test.each([
  // @ts-expect-error
  ["the pool itself", () => postgresAdapter(pool), "fromPg(pool)"],
  // @ts-expect-error
  ["nothing", () => postgresAdapter(), "fromPg(pool)"],
  // @ts-expect-error
  ["a pool as reader", () => postgresAdapter(fromPg(pool), { reader: pool }), "reader"],
  // @ts-expect-error
  ["a misspelt option", () => postgresAdapter(fromPg(pool), { scheme: "billing" }), "schema, tablePrefix, reader"],
])("%s is refused, with what to write instead", (_what, make, says) => {
  expect(make).toThrow(expect.toSatisfy(isConfigurationError));
  expect(make).toThrow(says);
});
