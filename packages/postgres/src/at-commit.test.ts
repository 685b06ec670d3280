import { counter, createEntitlements, type Entitlements, rows } from "@x/entitlements-core";
import { isConfigurationError, isInvalidRequestError, isLimitReachedError } from "@x/entitlements-core/errors";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { step } from "./fixtures/app.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";

const locking = "at-commit";
const resources = {
  // Takes its time between what the count sees and its end.
  "quota:project": rows({
    label: "Projects",
    table: "project",
    orgColumn: "org_id",
    where: "(select count(*) from pg_sleep(0.005)) = 1",
  }),
  "quota:key": counter({ label: "Keys" }),
};
let pool: pg.Pool;
let other: pg.Pool;
let one: Entitlements<pg.PoolClient, keyof typeof resources>;
let two: typeof one;
let giveBack: () => void;
const orgId = "acme";

beforeAll(async () => {
  const database = await freshDatabase();
  giveBack = database.giveBack;
  pool = new pg.Pool({ connectionString: database.url });
  other = new pg.Pool({ connectionString: database.url });
  await pool.query("create table project (org_id text not null, name text unique)");
});

beforeEach(async () => {
  await pool.query("truncate project");
  one = createEntitlements({ adapter: postgresAdapter(fromPg(pool)), resources });
  two = createEntitlements({ adapter: postgresAdapter(fromPg(other)), resources });
  await one.migrate();
  await one.forget({ orgId });
});

afterAll(async () => {
  await pool.end();
  await other.end();
  giveBack();
});

async function insert(tx: pg.PoolClient): Promise<void> {
  await tx.query("insert into project (org_id) values ($1)", [orgId]);
}

async function count(): Promise<number> {
  return (await pool.query("select count(*)::int as n from project")).rows[0].n;
}

async function race(callers: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: callers }, (_, index) => call(index)));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !isLimitReachedError(outcome.reason)) throw outcome.reason;
  }
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

// Fails when the lock is taken out of the message that commits: then more than five fit, each by its own count, since each count
// takes a while and the others commit meanwhile.
it("forty callers of two processes race for five units with the lock in the COMMIT: exactly five get one", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 5 });
  const granted = await race(40, (index) =>
    (index % 2 === 0 ? one : two).enforce({ orgId, resourceType: "quota:project", locking }, insert),
  );
  expect([granted, await count()]).toEqual([5, 5]);
});

it("those who lock before and those who lock in the COMMIT exclude each other", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 5 });
  const granted = await race(40, (index) =>
    (index % 2 === 0 ? one : two).enforce(
      { orgId, resourceType: "quota:project", locking: index % 3 === 0 ? "before" : locking },
      insert,
    ),
  );
  expect([granted, await count()]).toEqual([5, 5]);
});

it("a counter is counted in the COMMIT, exactly", async () => {
  await one.setLimit({ orgId, resourceType: "quota:key", limit: 7 });
  const granted = await race(40, (index) =>
    (index % 2 === 0 ? one : two).enforce({ orgId, resourceType: "quota:key", locking }, insert),
  );
  expect([granted, await count()]).toEqual([7, 7]);
  expect((await one.check({ orgId, resourceType: "quota:key" })).current).toBe(7);
});

it("several claims stand or fall together", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 9 });
  await one.setLimit({ orgId, resourceType: "quota:key", limit: 4 });
  const claims = { "quota:project": 1, "quota:key": 2 };
  expect(await race(20, () => one.enforce({ orgId, claims, locking }, insert))).toBe(2);
  expect([await count(), (await one.check({ orgId, resourceType: "quota:key" })).current]).toEqual([2, 4]);
});

it("a refusal by the COMMIT says what the call found, its own rows left out", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 3 });
  const refused = one.enforce({ orgId, resourceType: "quota:project", locking }, async (tx) => {
    await insert(tx);
    // Somebody fills the organisation up meanwhile.
    for (let n = 0; n < 3; n++) await two.enforce({ orgId, resourceType: "quota:project" }, insert);
  });
  await expect(refused).rejects.toMatchObject({
    code: "ENTITLEMENT_LIMIT_REACHED",
    current: 3,
    limit: 3,
    requested: 1,
  });
  expect(await count()).toBe(3);
});

it("what is clearly full is refused without running the function", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 0 });
  let ran = false;
  const refused = one.enforce({ orgId, resourceType: "quota:project", locking }, () => {
    ran = true;
  });
  await expect(refused).rejects.toSatisfy(isLimitReachedError);
  expect(ran).toBe(false);
});

// Fails when a wrong guess goes on with the shared lock: then the one in flight slips past the limit.
it("a limit that is introduced while the function runs is found in the COMMIT, though nothing limited it before", async () => {
  for (let n = 0; n < 2; n++) await one.enforce({ orgId, resourceType: "quota:project", locking }, insert);
  const refused = one.enforce({ orgId, resourceType: "quota:project", locking }, async (tx) => {
    await insert(tx);
    await two.setLimit({ orgId, resourceType: "quota:project", limit: 2 });
  });
  await expect(refused).rejects.toSatisfy(isLimitReachedError);
  expect(await count()).toBe(2);
});

it("twenty callers with one idempotency key write once, and all get the same result", async () => {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? one : two).enforce(
        { orgId, resourceType: "quota:project", locking, idempotencyKey: "once" },
        async (tx) => {
          await insert(tx);
          return { index };
        },
      ),
    ),
  );
  expect([new Set(results.map(({ index }) => index)).size, await count()]).toEqual([1, 1]);
});

it("a statement that failed and was caught in the function is no COMMIT", async () => {
  const caught = one.enforce({ orgId, resourceType: "quota:project", locking }, async (tx) => {
    await insert(tx);
    await tx.query("select 1/0").catch(() => {});
  });
  await expect(caught).rejects.toSatisfy(isConfigurationError);
  expect(await count()).toBe(0);
});

it("is refused together with `tx` and with `when`", async () => {
  const client = await pool.connect();
  const request = { orgId, resourceType: "quota:project", locking } as const;
  await expect(one.enforce({ ...request, tx: client }, insert)).rejects.toSatisfy(isInvalidRequestError);
  await expect(one.enforce({ ...request, when: () => true }, insert)).rejects.toSatisfy(isInvalidRequestError);
  client.release();
});

// Fails when the verdict is known by a text that others can write as well.
it("an error of the host's that reads like a verdict is the host's error", async () => {
  await pool.query(`create function refuse() returns trigger language plpgsql as $$
      begin if new.name like 'entitlements%' then raise exception '%', new.name; end if; return null; end $$;
    create constraint trigger refuse after insert on project deferrable initially deferred
      for each row execute function refuse()`);
  for (const name of ["entitlements restart", "entitlements exceeded quota:project 5 9"]) {
    const call = one.enforce({ orgId, resourceType: "quota:project", locking }, (tx) =>
      tx.query("insert into project (org_id, name) values ($1, $2)", [orgId, name]),
    );
    await expect(call).rejects.toMatchObject({ code: "P0001" });
  }
  expect(await count()).toBe(0);
});

// Fails when the key is kept after the verdict: the repetition is counted beside the call that it repeats.
it("the repetition of a call that filled the organisation gets its result", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 1 });
  const request = { orgId, resourceType: "quota:project", locking, idempotencyKey: "twice" } as const;
  const results = await Promise.all(
    [one, two].map((each) =>
      each.enforce(request, async (tx) => {
        await insert(tx);
        return "made";
      }),
    ),
  );
  expect([results, await count()]).toEqual([["made", "made"], 1]);
});

// Fails when the lock is taken exclusively in the COMMIT, as it is where the guess is always found wrong.
it("those whom nothing limits do not wait for each other in the COMMIT", async () => {
  for (const each of [one, two]) await each.enforce({ orgId, resourceType: "quota:project", locking }, insert);
  const tags: string[] = [];
  const bridge = fromPg(pool);
  const watched = createEntitlements({
    adapter: postgresAdapter({
      ...bridge,
      async connect() {
        const own = await bridge.connect();
        return {
          ...own,
          run(statements) {
            tags.push(...statements);
            return own.run(statements);
          },
        };
      },
    }),
    resources,
  });
  await watched.enforce({ orgId, resourceType: "quota:project", locking }, insert);
  tags.length = 0;
  await watched.enforce({ orgId, resourceType: "quota:project", locking }, insert);
  expect(tags.filter((sql) => sql.includes("on conflict"))).toEqual([]);
  expect(tags.at(-1)).toBe("commit");
});

// Fails when the wait in the COMMIT has a bound of its own: the holder keeps the lock for a second.
it("the lock is waited for no longer than lockTimeoutMs, however late it is asked for", async () => {
  await one.setLimit({ orgId, resourceType: "quota:project", limit: 5 });
  const impatient = createEntitlements({ adapter: postgresAdapter(fromPg(other)), resources, lockTimeoutMs: 200 });
  await impatient.usage({ orgId });
  const { reached, reach } = step();
  const holding = one.enforce({ orgId, resourceType: "quota:project" }, (tx) => {
    reach();
    return tx.query("select pg_sleep(1)");
  });
  await reached;
  let wrote = 0;
  const late = impatient.enforce({ orgId, resourceType: "quota:project", locking }, async (tx) => {
    await insert(tx);
    wrote = performance.now();
  });
  await expect(late).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "wait" });
  expect(performance.now() - wrote).toBeLessThan(700);
  await holding;
  expect(await count()).toBe(0);
});

// Fails where our own CHECK is taken for one of the host's: its raw 23514 came out.
it("a counter that others have brought to the top meanwhile is refused as one that cannot be counted", async () => {
  const key = { orgId, resourceType: "quota:key" } as const;
  await one.consume({ ...key, amount: Number.MAX_SAFE_INTEGER - 1 });
  const beyond = one.enforce({ ...key, locking }, async () => void (await two.consume(key)));
  await expect(beyond).rejects.toSatisfy(isInvalidRequestError);
});
