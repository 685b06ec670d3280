import { readdirSync } from "node:fs";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { sqliteAdapter } from "./adapter.ts";
import { fromLibsql } from "./bridges/libsql.ts";
import {
  type Connection,
  countProjects,
  createApp,
  createScratch,
  insertProject,
  numberOf,
  project,
  resources,
  step,
} from "./fixtures/scratch.ts";

const configuration = { code: "ENTITLEMENT_CONFIGURATION" };

async function createForgetful() {
  const scratch = createScratch();
  const sqlite = scratch.adapter();
  const entitlements = createEntitlements({ adapter: sqlite, resources });
  await entitlements.migrate();
  return { ...scratch, sqlite, entitlements };
}

describe("the connections of the adapter", () => {
  it("are not opened before the first use", async () => {
    const { folder, adapter, file } = createScratch();
    let opened = 0;
    const entitlements = createEntitlements({
      adapter: adapter({}, () => {
        opened++;
        return new Database(file);
      }),
      resources,
    });
    expect(opened).toBe(0);
    expect(readdirSync(folder)).toEqual(["app.db"]);
    await entitlements.migrate();
    expect(opened).toBeGreaterThan(0);
  });

  // Fails where each first caller looks the file up by itself: 400 connections at once are more than a process may have.
  it("are few, however many call at once at first", async () => {
    const { file, adapter } = createScratch();
    await adapter().migrate();
    let opened = 0;
    const counting = adapter({}, () => {
      opened++;
      return new Database(file);
    });
    const entitlements = createEntitlements({ adapter: counting, resources });
    const calls = [...Array(100)].flatMap(() => [
      entitlements.check(project),
      entitlements.enforce(project, (tx) => insertProject(tx)),
    ]);
    await Promise.all(calls);
    expect(opened).toBe(4);
  });

  it("put the file into WAL mode", async () => {
    const { open } = await createApp();
    expect(open().prepare("pragma journal_mode").all()).toEqual([{ journal_mode: "wal" }]);
  });

  it("let readers see what is committed without waiting for who holds the lock", async () => {
    const { entitlements } = await createApp();
    const entered = step();
    const leave = step();
    const enforced = entitlements.enforce(project, async (tx) => {
      insertProject(tx);
      entered.reach();
      await leave.reached;
    });
    await entered.reached;
    expect(await entitlements.check(project)).toMatchObject({ current: 0 });
    leave.reach();
    await enforced;
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  });

  it("are refused where SQLite refuses WAL mode", async () => {
    // A VFS without shared memory stands for a network file system.
    const { file, adapter } = createScratch();
    const failed = adapter({}, () => new Database(`file:${file}-other?vfs=unix-none`)).migrate();
    await expect(failed).rejects.toMatchObject(configuration);
    await expect(failed).rejects.toThrow(/WAL.*"delete".*local disk/s);
  });

  // Not even where connections can share it: without WAL, readers fail while a writer works.
  it.each([
    ":memory:",
    "",
    "file::memory:?cache=shared",
    "file:shared?mode=memory&cache=shared",
    "file:/shared?vfs=memdb",
  ])("are refused where they are in memory: %j", async (name) => {
    const failed = createScratch()
      .adapter({}, () => new Database(name))
      .migrate();
    await expect(failed).rejects.toMatchObject(configuration);
    await expect(failed).rejects.toThrow(/in-memory.*memoryAdapter/s);
  });

  it("want a factory: a connection itself, or a function that returns none, is refused", async () => {
    const { host } = createScratch();
    const wanted = expect.objectContaining({
      code: "ENTITLEMENT_CONFIGURATION",
      message: expect.stringContaining("fromLibsql wants a function that returns a new libsql Database"),
    });
    expect(() => fromLibsql(host as never)).toThrow(wanted);
    for (const open of [() => undefined, async () => host]) {
      await expect(sqliteAdapter(fromLibsql(open as never)).migrate()).rejects.toEqual(wanted);
    }
  });

  it("misspelt options of the adapter are refused: other tables would be used", () => {
    const { open } = createScratch();
    expect(() => sqliteAdapter(fromLibsql(open), { tableprefix: "a_" } as never)).toThrow(
      /has no option "tableprefix"/,
    );
  });

  // Fails when only the connections that stay open are compared: the host's own statements would then run in our transactions.
  it("are refused where the factory returns the same one twice, before anything runs on it", async () => {
    const { host, adapter } = createScratch();
    const entitlements = createEntitlements({ adapter: adapter({}, () => host), resources });
    await expect(entitlements.migrate()).rejects.toThrow(/same connection twice.*new one on each call/s);
    await expect(entitlements.usage({ orgId: "acme" })).rejects.toMatchObject(configuration);
  });

  it("are refused where two adapters get the same one", async () => {
    const { host, open, adapter } = createScratch();
    const fresh = [open(), open(), open()];
    await adapter({ tablePrefix: "a_" }, () => fresh.pop() ?? host).migrate();
    await expect(adapter({ tablePrefix: "b_" }, () => fresh.pop() ?? host).migrate()).rejects.toThrow(
      /same connection twice/,
    );
    expect(host.open).toBe(true);
  });

  // Fails where such a connection is kept: nobody could write any more, and the file would stay locked for other processes too.
  it("are replaced where something that a function left running has begun a transaction on them", async () => {
    const { host, sqlite, entitlements } = await createForgetful();
    for (const begin of ["begin immediate", "begin", "begin exclusive"]) {
      const taken: Connection[] = [];
      await entitlements.enforce(project, (tx) => {
        taken.push(tx);
        insertProject(tx);
      });
      // As from a timer that the function forgot.
      taken[0]?.exec(begin);
      await entitlements.enforce(project, (tx) => {
        expect(tx).not.toBe(taken[0]);
        insertProject(tx);
      });
      insertProject(host, "host");
    }
    expect([countProjects(host), countProjects(host, "host")]).toEqual([6, 3]);
    await sqlite.close();
    host.exec("begin exclusive; commit");
  });

  it("keep what the factory set on them", async () => {
    const { file, adapter } = createScratch();
    const opened: Connection[] = [];
    const sqlite = adapter({}, () => {
      const connection = new Database(file, { timeout: 5_000 });
      connection.pragma("foreign_keys = off");
      opened.push(connection);
      return connection;
    });
    await sqlite.migrate();
    const kept = opened.filter((connection) => connection.open);
    expect(kept.map((connection) => numberOf(connection, "pragma foreign_keys"))).toEqual([0]);
    // Its waiting would block the event loop.
    expect(kept.map((connection) => numberOf(connection, "pragma busy_timeout"))).toEqual([0]);
  });
});
