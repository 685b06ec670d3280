import { describe, expect, test } from "vitest";
import { countItems, insertItem, lockRow, setStage } from "./harness.ts";

// A statement sees the rows of the moment it began (READ COMMITTED). One that counts and takes the lock began before
// it waited: it counts what was there before the holder committed.
const stage = setStage();

test("counting in a second statement, after the lock, is exact: ten of ten", async () => {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run(`begin; ${lockRow}`);
  expect(await a.value(countItems)).toBe(9);
  await a.run(insertItem);
  await b.run("begin");
  const locked = await b.waits(lockRow);
  await a.run("commit");
  expect(await locked.answer).toEqual([{ lim: 10 }]);
  expect(await b.value(countItems)).toBe(10);
});

describe("counting in the statement that takes the lock overshoots: eleven of ten", () => {
  const forms = [
    [
      "a subquery beside FOR UPDATE",
      `select lim, (${countItems}) as used from org_limit where org = 'acme' for update`,
    ],
    [
      "a materialized CTE that locks first",
      `with locked as materialized (${lockRow}) select lim, (${countItems}) as used from locked`,
    ],
    [
      "an UPDATE that writes the count down",
      `update org_limit set used = (${countItems}) where org = 'acme' returning lim, used`,
    ],
    ["an advisory lock beside the count", `select pg_advisory_xact_lock(1)::text, 10 as lim, (${countItems}) as used`],
  ] as const;

  test.each(forms)("%s", async (_name, lockAndCount) => {
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run("begin");
    expect(await a.run(lockAndCount)).toMatchObject([{ lim: 10, used: 9 }]);
    await a.run(insertItem);
    await b.run("begin");
    const counted = await b.waits(lockAndCount);
    await a.run("commit");
    // B holds the lock now, and reads a seat that is taken as free.
    expect(await counted.answer).toMatchObject([{ lim: 10, used: 9 }]);
    await b.run(`${insertItem}; commit`);
    expect(await a.value(countItems)).toBe(11);
  });

  test("INSERT … SELECT that locks, counts and writes", async () => {
    const insert = `insert into item (org)
      select org from (select org, lim from org_limit where org = 'acme' for update) locked
      where (${countItems}) < lim returning org`;
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run("begin");
    expect(await a.run(insert)).toHaveLength(1);
    const second = await b.waits(insert);
    await a.run("commit");
    expect(await second.answer).toHaveLength(1);
    expect(await a.value(countItems)).toBe(11);
  });
});

test("INSERT … SELECT … WHERE count < limit without a lock does not even wait: eleven of ten", async () => {
  const insert = `insert into item (org) select org from org_limit where org = 'acme' and (${countItems}) < lim returning org`;
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run("begin");
  expect(await a.run(insert)).toHaveLength(1);
  expect(await b.run(insert)).toHaveLength(1);
  await a.run("commit");
  expect(await a.value(countItems)).toBe(11);
});

test("an advisory lock in a statement of its own, then the count, is exact: ten of ten", async () => {
  const lock = "select pg_advisory_xact_lock(1)";
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run("begin");
  await a.run(lock);
  await a.run(insertItem);
  await b.run("begin");
  const locked = await b.waits(lock);
  await a.run("commit");
  await locked.answer;
  expect(await b.value(countItems)).toBe(10);
});

describe("lock and count as separate statements stay exact in one flight: ten of ten", () => {
  test("BEGIN, lock and count in one message", async () => {
    const [a, b] = [await stage.session(), await stage.session()];
    const message = `begin; ${lockRow}; ${countItems}`;
    await a.run(message);
    await a.run(insertItem);
    const counted = await b.waits(message);
    await a.run("commit");
    expect(await counted.answer).toEqual([{ count: 10 }]);
  });

  test("BEGIN, lock and count pipelined, with parameters", async () => {
    const [a, b] = [await stage.session(), await stage.session({ pipeline: true })];
    await a.run(`begin; ${lockRow}`);
    await a.run(insertItem);
    const begun = b.run("begin");
    const locking = b.waits("select lim from org_limit where org = $1 for update", ["acme"]);
    // Sent before the lock is there, and before anything is answered.
    const counting = b.value("select count(*)::int from item where org = $1", ["acme"]);
    await begun;
    const locked = await locking;
    await a.run("commit");
    expect(await locked.answer).toEqual([{ lim: 10 }]);
    expect(await counting).toBe(10);
  });
});
