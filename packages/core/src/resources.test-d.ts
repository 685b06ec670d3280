import { describe, expectTypeOf, test } from "vitest";
import {
  type Adapter,
  counted,
  counter,
  createEntitlements,
  feature,
  type MemoryTransaction,
  memoryAdapter,
  rows,
} from "./index.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const adapter = memoryAdapter();
declare const sql: { query(text: string): Promise<void> };

describe("the kinds", () => {
  const project = rows({ label: "Projects", table: "project", orgColumn: "org_id" });

  test("that an adapter cannot serve do not compile on it: rows on memory", () => {
    // @ts-expect-error
    createEntitlements({ adapter, resources: { "quota:project": project } });
    // @ts-expect-error
    createEntitlements({ adapter, resources: () => ({ "quota:project": project }) });
    createEntitlements({
      adapter: {} as Adapter<typeof sql, "rows" | "counter">,
      resources: { "quota:project": project },
    });
  });

  test("counted knows the adapter's transaction in the function form, and must match it otherwise", () => {
    createEntitlements({
      adapter,
      resources: (builders) => ({
        "quota:project": builders.counted({
          label: "Projects",
          count: (inner, orgId) => {
            expectTypeOf(inner).toEqualTypeOf<MemoryTransaction>();
            expectTypeOf(orgId).toEqualTypeOf<string>();
            return inner.entries(orgId).size;
          },
        }),
      }),
    });
    const bySql = counted({ label: "Projects", count: (inner: typeof sql) => inner.query("select 1").then(() => 0) });
    // @ts-expect-error
    createEntitlements({ adapter, resources: { "quota:project": bySql } });
    // @ts-expect-error
    counted({ label: "Projects", count: () => "5" });
  });

  test("have their own properties and no others", () => {
    // @ts-expect-error
    counter({ label: "API keys", table: "key" });
    // @ts-expect-error
    feature({});
    // @ts-expect-error
    rows({ label: "Projects", table: "project" });
    // @ts-expect-error
    rows({ label: "Projects", table: "project", orgColumn: "org_id", wher: "x" });
  });
});
