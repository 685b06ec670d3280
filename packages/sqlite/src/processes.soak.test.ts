import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEntitlements, rows } from "@x/entitlements-core";
import Database from "libsql";
import { expect, it } from "vitest";
import { fromLibsql } from "./bridges/libsql.ts";
import { endProcesses, startProcesses } from "./fixtures/processes.ts";
import { sqliteAdapter } from "./index.ts";

const LIMIT = 20;
const SECONDS = 60;

it("six processes make and remove projects in one file for a minute: never above the limit, and none lost", async () => {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-"));
  const file = join(folder, "app.db");
  const host = new Database(file);
  host.exec(
    "create table project (id integer primary key, org_id text not null); create index by_org on project (org_id)",
  );
  const adapter = sqliteAdapter(fromLibsql(() => new Database(file)));
  const entitlements = createEntitlements({
    adapter,
    resources: { "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id" }) },
  });
  await entitlements.migrate();
  await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: LIMIT });

  const count = host.prepare("select count(*) as n from project where org_id = 'acme'");
  const now = (): number => Number(Object(count.get())["n"]);
  let ended = false;
  let most = 0;
  const watching = (async () => {
    for (; !ended; await sleep(2)) most = Math.max(most, now());
  })();
  try {
    const processes = await startProcesses(6, file);
    const did = await Promise.all(processes.map((process) => process.ask("mix", { callers: 5, ms: SECONDS * 1000 })));
    ended = true;
    await watching;
    const total = (outcome: string): number => did.reduce((sum, one) => sum + Number(one[outcome]), 0);
    console.log({
      made: total("made"),
      removed: total("removed"),
      refused: total("refused"),
      undone: total("undone"),
      most,
    });
    expect(most).toBeLessThanOrEqual(LIMIT);
    expect(now()).toBe(total("made") - total("removed"));
    // Proof that the limit was reached and fought for.
    expect(total("refused")).toBeGreaterThan(0);
    for (const one of did) expect(Number(one["made"])).toBeGreaterThan(0);
  } finally {
    ended = true;
    endProcesses();
    await adapter.close();
    host.close();
    rmSync(folder, { recursive: true });
  }
}, 120_000);
