import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startPostgres } from "@x/entitlements-test-servers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { both, claimBoth, createApp, expectExact, failureOf, insertProject, numberOf } from "../fixtures/app.ts";

/** A small disk of its own, which wants root; null where none can be mounted. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

const disk = mountSmallDisk();
let server: Server | undefined;
let databases = 0;

beforeAll(async () => {
  if (disk === null) return;
  server = await startPostgres();
  const { uid, gid } = statSync(server.data);
  mkdirSync(join(disk, "space"));
  for (const path of [disk, join(disk, "space")]) chownSync(path, uid, gid);
  await onServer(`create tablespace small location '${disk}/space'`);
});

afterAll(async () => {
  await server?.remove();
  if (disk === null) return;
  spawnSync("umount", ["--lazy", disk]);
  rmSync(disk, { recursive: true, force: true });
});

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(server?.url());
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** An application with one project and one credit, and one of its tables on a disk that is full to the last block. */
async function createSmall(table: string) {
  const name = `app_${++databases}`;
  await onServer(`create database ${name}`);
  const app = await createApp({ url: server?.url(name) ?? "" });
  await claimBoth(app.entitlements);
  await app.host.query(`alter table ${table} set tablespace small`);
  await app.host.query("create table ballast (bytes text) tablespace small");
  const insert = "insert into ballast select repeat(md5(i::text), 200) from generate_series(1, $1::int) as i";
  for (const rows of [1_000, 100, 10, 1]) {
    const filled = async (): Promise<void> => {
      for (;;) await app.host.query(insert, [rows]);
    };
    expect(await failureOf(filled())).toMatchObject({ code: "53100" });
  }
  return { ...app, free: () => app.host.query("drop table ballast") };
}

const FULL = { name: "StorageError", status: 503, outcome: "rolled-back", cause: { code: "53100" } };
/** Not to be made smaller by the server. */
const large = randomBytes(20_000).toString("base64");

if (disk === null) it.skip("no small disk can be mounted here (that wants root), so a full one is not tried", () => {});

// A real disk: tmpfs says ENOSPC as any other file system does.
describe.runIf(disk !== null)("a disk that is full", () => {
  // Fails where session.ts does not translate what the SDK's statements fail with, and where the function runs before the lock.
  it("when the SDK writes: a StorageError that nothing was written, and the function never ran", async () => {
    const app = await createSmall("org_entitlement");
    let granted = 0;
    const fill = async (): Promise<never> => {
      for (;;) {
        await claimBoth(app.entitlements, `${"o".repeat(200)}${granted}`);
        granted += 1;
      }
    };
    const stopped = await failureOf(fill());
    expect(stopped).toMatchObject(FULL);
    expect(String(stopped)).toMatch(/disk is full.*53100/);
    const unused = app.entitlements.enforce({ ...both, orgId: "z".repeat(255) }, () => expect.fail("must not run"));
    await expect(unused).rejects.toMatchObject(FULL);
    // Reading needs no space.
    expect(await app.entitlements.check({ orgId: "acme", resourceType: "quota:project" })).toMatchObject({
      current: 1,
    });
    expect(await numberOf(app.host, "select count(*) from project where org_id like 'o%'")).toBe(granted);
    const kept = "select coalesce(sum(used), 0) from org_entitlement where org_id like 'o%'";
    expect(await numberOf(app.host, kept)).toBe(granted);
    await app.free();
    await claimBoth(app.entitlements, "z".repeat(255));
    await expectExact(app, 1);
    await app.host.query("alter table org_entitlement set tablespace pg_default");
  });

  it("when the host writes: the driver's own error, and nothing is left", async () => {
    const app = await createSmall("project");
    const failed = await failureOf(
      app.entitlements.enforce(both, async (tx) => {
        for (let n = 0; n < 10; n++) await insertProject(tx, "acme", large + n);
      }),
    );
    expect(failed).toMatchObject({ code: "53100", severity: "ERROR" });
    await app.free();
    await expectExact(app, 1);
    await app.host.query("alter table project set tablespace pg_default");
  });

  // Fails where commitFailure takes it for an unknown outcome: the server has said that it rolled back.
  it("in COMMIT: a StorageError that nothing was written", async () => {
    const app = await createSmall("project");
    await app.host.query(`create function pile_up() returns trigger language plpgsql as
        $$ begin insert into ballast select md5(i::text) from generate_series(1, 50000) as i; return null; end $$;
      create constraint trigger pile after insert on project deferrable initially deferred
        for each row execute function pile_up()`);
    await expect(claimBoth(app.entitlements)).rejects.toMatchObject(FULL);
    await app.host.query("drop trigger pile on project");
    await app.free();
    await expectExact(app, 1);
    await app.host.query("alter table project set tablespace pg_default");
  });
});
