import pg from "pg";
import { assertType, expectTypeOf, test } from "vitest";
import type { PostgresBridge } from "../bridge.ts";
import { fromPg } from "./pg.ts";

test("functions get the PoolClient of pg itself", () => {
  expectTypeOf(fromPg(new pg.Pool())).toEqualTypeOf<PostgresBridge<pg.PoolClient>>();
});

test("a client is no pool", () => {
  // @ts-expect-error
  assertType(fromPg(new pg.Client()));
});
