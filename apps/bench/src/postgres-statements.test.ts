import { isLimitReachedError } from "@x/entitlements-core/errors";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createApplication, limited } from "./postgres/application.ts";
import { insertInTransaction, limitedInsert } from "./postgres/by-hand.ts";
import { INSERT, makeDatabase, seedRows } from "./postgres/database.ts";
import { stopBenchServer } from "./postgres/server.ts";
import { listenedTo } from "./postgres/wire.ts";
import { quartiles } from "./statistics.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;
const credit = { orgId: "acme", resourceType: "quota:credit" } as const;

/** The lock with its bound and the limit, and the mark of the transaction; for rows, the count. */
const LOCKED = ["BEGIN", "SET", "SELECT 1", "INSERT 0 1", "SET", "SET", "SAVEPOINT"];
const COUNTED = [...LOCKED, "SELECT 1"];
const COMMIT = ["RELEASE", "COMMIT"];

/** An application in use whose one connection is listened to. */
async function inUse() {
  const database = await makeDatabase();
  const wire = await listenedTo(database);
  const application = createApplication(wire.pool);
  await seedRows(database.host, ["acme", "full", "unlimited"], 10);
  await limited(application, ["acme"]);
  await limited(application, ["full"], 10);
  // The first use of the tables looks at them, and the first of an organisation does not know that nothing limits it.
  await application.enforce("acme");
  await application.enforceCounter("acme");
  await application.enforce("unlimited");
  await application.entitlements.usage({ orgId: "acme" });
  const remove = async (): Promise<void> => {
    await application.close();
    await database.remove();
    await wire.close();
  };
  return { ...application, database, ...wire, remove };
}

let used: Awaited<ReturnType<typeof inUse>>;

/** The version of the tables has just been looked up, as it is once a second. */
async function trips(work: () => Promise<unknown>) {
  await used.entitlements.check(project);
  return used.trips(work);
}

beforeAll(async () => {
  used = await inUse();
});

afterAll(async () => {
  await used.remove();
  await stopBenchServer();
});

describe("what one call sends to PostgreSQL and gets back, trip by trip, however fast the machine is", () => {
  it("enforcing rows: the lock, the limit and the count in one trip; the host's INSERT; the commit", async () => {
    const { enforce } = used;
    expect(await trips(() => enforce("acme"))).toEqual([COUNTED, ["INSERT 0 1"], COMMIT]);
  });

  it("enforcing a counter: its new count in a trip of its own, before the host's INSERT", async () => {
    const { enforceCounter } = used;
    expect(await trips(() => enforceCounter("acme"))).toEqual([LOCKED, ["UPDATE 1"], ["INSERT 0 1"], COMMIT]);
  });

  it("locking at the commit: a look that locks nothing, the host's INSERT, then everything else in one trip", async () => {
    const { enforceAtCommit } = used;
    expect(await trips(() => enforceAtCommit("acme"))).toEqual([
      ["BEGIN", "SELECT 1", "SAVEPOINT", "SELECT 1"],
      ["INSERT 0 1"],
      ["RELEASE", "SET CONSTRAINTS", "SELECT 1", "SET", "SELECT 1", "INSERT 0 1", "SET", "SELECT 1", "COMMIT"],
    ]);
  });

  it("a claim without a write of the host's: the lock, a counter's new count, the commit", async () => {
    const { entitlements } = used;
    expect(await trips(() => entitlements.consume(credit))).toEqual([LOCKED, ["UPDATE 1"], COMMIT]);
    expect(await trips(() => entitlements.consume(project))).toEqual([COUNTED, COMMIT]);
  });

  it("several claims at once: no more than one", async () => {
    const { entitlements } = used;
    const claims = { "quota:project": 1, "quota:credit": 1 };
    const both = COUNTED.map((tag) => tag.replace("INSERT 0 1", "INSERT 0 2"));
    expect(await trips(() => entitlements.consume({ orgId: "acme", claims }))).toEqual([both, ["UPDATE 1"], COMMIT]);
  });

  it("an organisation without a limit: the lock that it shares, no write but the host's", async () => {
    const { enforce } = used;
    const shared = COUNTED.map((tag) => tag.replace("INSERT 0 1", "SELECT 1"));
    expect(await trips(() => enforce("unlimited"))).toEqual([shared, ["INSERT 0 1"], COMMIT]);
  });

  it("a refusal: the lock, and undone", async () => {
    const { entitlements } = used;
    const refused = () =>
      expect(entitlements.consume({ ...project, orgId: "full" })).rejects.toSatisfy((error: unknown) =>
        isLimitReachedError(error),
      );
    // Whose lock is not known yet is waited for a little at first, by one bound.
    const looking = ["BEGIN", "SELECT 1", "INSERT 0 1", "SET", "SAVEPOINT", "SELECT 1"];
    expect(await trips(refused)).toEqual([looking, ["ROLLBACK"]]);
  });

  it("a check: one trip", async () => {
    const { entitlements } = used;
    expect(await trips(() => entitlements.check(project))).toEqual([["BEGIN", "SELECT 1", "COMMIT"]]);
  });

  it("usage() of every resource type: one trip", async () => {
    const { entitlements } = used;
    const seen = await trips(() => entitlements.usage({ orgId: "acme" }));
    expect(seen).toEqual([["BEGIN", "SELECT 2", "COMMIT"]]);
  });

  it("in a transaction of the host's: two trips around the INSERT, and nothing is set that outlives them", async () => {
    const { entitlements, pool } = used;
    await entitlements.check(project);
    const client = await pool.connect();
    onTestFinished(() => client.release());
    await client.query("begin");
    const enforced = () =>
      entitlements.enforce({ ...project, tx: client }, async (tx) => void (await tx.query(INSERT, ["acme"])));
    expect(await used.trips(enforced)).toEqual([
      ["SAVEPOINT", "SELECT 1", "SELECT 0", "INSERT 0 1", "SELECT 1", "SELECT 1"],
      ["INSERT 0 1"],
      ["RELEASE"],
    ]);
    await client.query("commit");
  });
});

describe("how many bytes one call writes to PostgreSQL's log", () => {
  /** Most of the time: the first change of a page after a checkpoint, and a page that is full, take more. */
  async function bytes(work: () => Promise<unknown>): Promise<number> {
    const position = async (): Promise<number> => {
      const { rows } = await used.database.host.query("select pg_current_wal_insert_lsn() - '0/0' as bytes");
      return Number(Object(rows[0])["bytes"]);
    };
    const taken: number[] = [];
    for (let index = 0; index < 25; index++) {
      const before = await position();
      await work();
      taken.push((await position()) - before);
    }
    return quartiles(taken).median;
  }

  it("beside the same INSERT in a transaction: the lock, and a counter's new count", async () => {
    const { database, enforce, enforceCounter } = used;
    const insert = insertInTransaction(database.host);
    const plain = await bytes(() => insert("acme"));
    const more = async (work: () => Promise<void>): Promise<number> => (await bytes(work)) - plain;
    expect({
      "by hand": await more(() => limitedInsert(database.host)("acme")),
      rows: await more(() => enforce("acme")),
      counter: await more(() => enforceCounter("acme")),
      unlimited: await more(() => enforce("unlimited")),
    }).toEqual({ "by hand": 56, rows: 144, counter: 280, unlimited: 80 });
  });

  it("without a write of the host's: the lock, a counter's new count and the commit; nothing where it is only looked", async () => {
    const { entitlements } = used;
    expect({
      rows: await bytes(() => entitlements.consume(project)),
      counter: await bytes(() => entitlements.consume(credit)),
      check: await bytes(() => entitlements.check(project)),
      usage: await bytes(() => entitlements.usage({ orgId: "acme" })),
    }).toEqual({ rows: 176, counter: 320, check: 0, usage: 0 });
  });
});
