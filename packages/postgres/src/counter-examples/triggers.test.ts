import { describe, expect, test } from "vitest";
import { countItems, insertItem, setStage } from "./harness.ts";

const take = (org: string, n: string) => `
  update org_limit set used = used + ${n} where org = ${org} and used <= lim - ${n};
  if not found then raise exception 'limit reached' using errcode = 'P0001'; end if;`;

/** The three ways in which a trigger can keep a counter. */
const triggers = {
  row: `
    create function take_seat() returns trigger language plpgsql as $$ begin ${take("new.org", "1")} return null; end $$;
    create trigger seats after insert on item for each row execute function take_seat();`,
  statement: `
    create function take_seats() returns trigger language plpgsql as $$
      declare org_count record;
      begin
        for org_count in select org, count(*)::int as n from new_rows group by org order by org loop
          ${take("org_count.org", "org_count.n")}
        end loop;
        return null;
      end $$;
    create trigger seats after insert on item referencing new table as new_rows
      for each statement execute function take_seats();`,
  deferred: `
    create function take_seat() returns trigger language plpgsql as $$ begin ${take("new.org", "1")} return null; end $$;
    create constraint trigger seats after insert on item deferrable initially deferred
      for each row execute function take_seat();`,
} as const;

const stage = setStage();
const outcomes = { "read committed": "P0001", "repeatable read": "40001", serializable: "40001" } as const;
const cases = Object.keys(triggers).flatMap((kind) => Object.keys(outcomes).map((level) => [kind, level] as const));

describe("a trigger that maintains a counter is exact: ten of ten", () => {
  test.each(cases)("%s trigger at %s", async (kind, level) => {
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run(String(Object(triggers)[kind]));
    // A deferred trigger runs here instead of at the commit, so that it can be seen waiting.
    const insert = `${insertItem}; set constraints all immediate`;
    await a.run(`begin isolation level ${level}; ${insert}`);
    await b.run(`begin isolation level ${level}`);
    const second = await b.waits(insert);
    await a.run("commit");
    await expect(second.answer).rejects.toMatchObject({ code: Object(outcomes)[level] });
    await b.run("rollback");
    expect(await a.value(countItems)).toBe(10);
    expect(await a.value("select used from org_limit where org = 'acme'")).toBe(10);
  });
});

test("a deferred trigger that counts overshoots at REPEATABLE READ: eleven of ten", async () => {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run(`
    create function check_count() returns trigger language plpgsql as $$
      begin
        perform from org_limit where org = new.org for update;
        if (select count(*) from item where org = new.org) > (select lim from org_limit where org = new.org) then
          raise exception 'limit reached' using errcode = 'P0001';
        end if;
        return null;
      end $$;
    create constraint trigger seats after insert on item deferrable initially deferred
      for each row execute function check_count();`);
  await a.run(`begin isolation level repeatable read; ${insertItem}`);
  await b.run(`begin isolation level repeatable read; ${insertItem}`);
  await a.run("commit");
  // It runs after A's commit, holds the lock, and still sees what B's transaction saw when it began.
  await b.run("commit");
  expect(await a.value(countItems)).toBe(11);
});

test.each([
  ["row", 2_000],
  ["statement", 1],
] as const)("a bulk insert of 2 000 through a %s trigger writes the counter %i times", async (kind, writes) => {
  const a = await stage.session();
  await a.run(`${triggers[kind]}; update org_limit set lim = 5000`);
  await a.run("begin");
  const written = "select pg_stat_get_xact_tuples_updated('org_limit'::regclass)";
  const before = Number(await a.value(written));
  await a.run("insert into item (org) select 'acme' from generate_series(1, 2000)");
  // What took 879 ms against 19 ms for 10 000 rows were these writes.
  expect(Number(await a.value(written)) - before).toBe(writes);
  expect(await a.value("select used from org_limit where org = 'acme'")).toBe(2_009);
});

describe("bulk inserts over two organisations in opposite order", () => {
  /** A's statement stops at the door between its two organisations, until D opens. Answers how A and B ended. */
  async function cross(kind: keyof typeof triggers): Promise<readonly PromiseSettledResult<unknown>[]> {
    const [a, b, d] = [await stage.session(), await stage.session(), await stage.session()];
    await a.run(`update org_limit set lim = 100; ${triggers[kind]}`);
    await d.run("begin; select from org_limit where org = 'door' for update");
    await a.run("begin");
    await b.run("begin");
    const first = await a.waits("insert into item (org) values ('acme'), ('door'), ('globex')");
    const second = await b.waits("insert into item (org) values ('globex'), ('acme')");
    const done = Promise.allSettled([
      first.answer.then(() => a.run("commit")),
      second.answer.then(() => b.run("commit")),
    ]);
    await d.run("rollback");
    return done;
  }
  const failures = (ended: readonly PromiseSettledResult<unknown>[]) =>
    ended.flatMap((outcome) => (outcome.status === "rejected" ? Object(outcome.reason).code : []));

  test("deadlock through a row trigger: one of them is lost", async () => {
    expect(failures(await cross("row"))).toEqual(["40P01"]);
  });

  test("both go through with a statement trigger that sorts", async () => {
    expect(failures(await cross("statement"))).toEqual([]);
  });
});
