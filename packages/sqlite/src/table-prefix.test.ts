import { createEntitlements } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { type Connection, createScratch, project, resources } from "./fixtures/scratch.ts";
import { migrations } from "./index.ts";

function tables(connection: Connection): unknown {
  return connection
    .prepare("select type, name, sql from sqlite_schema where name like '%entitlement%' order by name")
    .all();
}

describe("tablePrefix", () => {
  it("keeps two applications in one file apart", async () => {
    const { host, adapter } = createScratch();
    const [one, two] = ["a_", "b_"].map((tablePrefix) =>
      createEntitlements({ adapter: adapter({ tablePrefix }), resources }),
    );
    await Promise.all([one?.migrate(), two?.migrate()]);
    await one?.setLimit({ ...project, limit: 7 });
    expect(await one?.resolveEntitlement(project)).toEqual({ limit: 7, source: "override" });
    expect(await two?.resolveEntitlement(project)).toEqual({ limit: null, source: "none" });
    expect(tables(host)).toMatchObject(
      ["a_entitlements_migration", "a_org_entitlement", "b_entitlements_migration", "b_org_entitlement"].map(
        (name) => ({
          name,
        }),
      ),
    );
  });

  it.each(["A_", "1_", "a-", "a b", 'a"', "é", "a.", "sqlite_", "libsql_", "x".repeat(41), "a\n"])(
    "is refused where it is no plain name: %j",
    (tablePrefix) => {
      const { adapter } = createScratch();
      expect(() => adapter({ tablePrefix })).toThrow(expect.objectContaining({ code: "ENTITLEMENT_CONFIGURATION" }));
      expect(() => migrations({ tablePrefix })).toThrow(/tablePrefix must be/);
    },
  );
});
