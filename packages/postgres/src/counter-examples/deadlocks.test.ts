import { expect, test } from "vitest";
import { type Session, setStage } from "./harness.ts";

const stage = setStage();
const lock = (org: string) => `select from org_limit where org = '${org}' for update`;

/** How the two ended, after each has waited for the other: the code of each failure. */
async function failures(...waiting: readonly Promise<unknown>[]): Promise<string[]> {
  const ended = await Promise.allSettled(waiting);
  return ended.flatMap((outcome) => (outcome.status === "rejected" ? [String(Object(outcome.reason).code)] : []));
}

const release = (session: Session) => () => session.run("commit");

test("two sessions that lock two organisations in opposite order deadlock", async () => {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run(`begin; ${lock("acme")}`);
  await b.run(`begin; ${lock("globex")}`);
  const first = await a.waits(lock("globex"));
  const second = b.run(lock("acme"));
  expect(await failures(first.answer.then(release(a)), second.then(release(b)))).toEqual(["40P01"]);
});

test("one statement that locks both in sorted order does not, whatever order is asked for", async () => {
  const both = "select org from org_limit where org = any($1) order by org for update";
  const [a, b, d] = [await stage.session(), await stage.session(), await stage.session()];
  // Somebody holds the later one: A stops between its two locks, with the earlier one taken.
  await d.run(`begin; ${lock("globex")}`);
  await a.run("begin");
  await b.run("begin");
  const first = await a.waits(both, [["acme", "globex"]]);
  const second = await b.waits(both, [["globex", "acme"]]);
  await d.run("commit");
  expect(await first.answer).toEqual([{ org: "acme" }, { org: "globex" }]);
  await a.run("commit");
  expect(await second.answer).toEqual([{ org: "acme" }, { org: "globex" }]);
  await b.run("commit");
});

test("two who share a lock and both want to write deadlock: a shared lock is never upgraded in place", async () => {
  const write = "update org_limit set used = used + 1 where org = 'acme'";
  const [a, b] = [await stage.session(), await stage.session()];
  for (const session of [a, b]) await session.run("begin; select from org_limit where org = 'acme' for share");
  const first = await a.waits(write);
  const second = b.run(write);
  expect(await failures(first.answer.then(release(a)), second.then(release(b)))).toEqual(["40P01"]);
});

test("one of them that goes back to its savepoint first lets the other through, and then has its turn", async () => {
  const write = "update org_limit set used = used + 1 where org = 'acme'";
  const [a, b] = [await stage.session(), await stage.session()];
  for (const session of [a, b]) {
    await session.run("begin; savepoint before_lock; select from org_limit where org = 'acme' for share");
  }
  const first = await a.waits(write);
  await b.run("rollback to before_lock");
  await first.answer;
  const second = await b.waits(write);
  await a.run("commit");
  await second.answer;
  await b.run("commit");
  expect(await a.value("select used from org_limit where org = 'acme'")).toBe(11);
});
