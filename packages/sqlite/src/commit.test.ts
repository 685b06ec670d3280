import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import type { SqliteBridge } from "./bridge.ts";
import { fromLibsql } from "./bridges/libsql.ts";
import { countProjects, createScratch, insertProject, project, resources } from "./fixtures/scratch.ts";
import { sqliteAdapter } from "./index.ts";

/** An application whose COMMIT fails as told, before or after it has taken effect. */
async function failing(code: string, fails: "before" | "after") {
  const scratch = createScratch();
  await scratch.adapter().migrate();
  const bridge = fromLibsql(() => new Database(scratch.file));
  const broken: SqliteBridge<Database.Database> = {
    ...bridge,
    async open() {
      const connection = await bridge.open();
      return {
        ...connection,
        async exec(sql) {
          if (sql !== "commit") return connection.exec(sql);
          if (fails === "after") await connection.exec(sql);
          throw Object.assign(new Error("the disk is gone"), { code });
        },
      };
    },
  };
  return { ...scratch, entitlements: createEntitlements({ adapter: sqliteAdapter(broken), resources }) };
}

describe("a COMMIT that fails", () => {
  it.each(["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY"])(
    "and leaves the transaction open is known to be undone: %s",
    async (code) => {
      const { host, entitlements } = await failing(code, "before");
      const failed = entitlements.enforce(project, (tx) => insertProject(tx));
      await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" });
      expect(countProjects(host)).toBe(0);
    },
  );

  it("after the transaction has ended is unknown: it may have taken effect, as here", async () => {
    const { host, entitlements } = await failing("SQLITE_IOERR", "after");
    const failed = entitlements.enforce(project, (tx) => insertProject(tx));
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_STORAGE", outcome: "unknown" });
    expect(countProjects(host)).toBe(1);
  });
});
