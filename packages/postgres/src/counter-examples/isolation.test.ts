import { describe, expect, test } from "vitest";
import { countItems, insertItem, lockRow, type Session, setStage } from "./harness.ts";

// At REPEATABLE READ and SERIALIZABLE the whole transaction sees the rows of the moment its first statement began. A
// lock that B waits for does not renew them.
const stage = setStage();
const writeRow = "update org_limit set used = used where org = 'acme' returning lim";
const conflict = { code: "40001" };

/** A takes the last seat at its level; B waits for its lock. Answers B's lock after A committed, and B. */
async function waitBehind(lock: string, levels: { a: string; b: string }) {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run(`begin isolation level ${levels.a}`);
  await a.run(lock);
  expect(await a.value(countItems)).toBe(9);
  await a.run(insertItem);
  await b.run(`begin isolation level ${levels.b}`);
  const { answer } = await b.waits(lock);
  await a.run("commit");
  return { b, answer };
}

async function countThenTake(b: Session): Promise<void> {
  expect(await b.value(countItems)).toBe(9);
  await b.run(insertItem);
  await b.run("commit");
}

const total = async () => (await stage.session()).value(countItems);

describe("REPEATABLE READ", () => {
  const levels = { a: "repeatable read", b: "repeatable read" };

  test("locking, then counting overshoots: eleven of ten", async () => {
    const { b, answer } = await waitBehind(lockRow, levels);
    expect(await answer).toEqual([{ lim: 10 }]);
    await countThenTake(b);
    expect(await total()).toBe(11);
  });

  test("a lock that is an UPDATE fails with a serialisation failure: ten of ten", async () => {
    const { answer } = await waitBehind(writeRow, levels);
    await expect(answer).rejects.toMatchObject(conflict);
    expect(await total()).toBe(10);
  });

  test("an UPDATE by the holder alone is enough for the one who only locks to fail", async () => {
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run("begin");
    await a.run(writeRow);
    await a.run(insertItem);
    await b.run("begin isolation level repeatable read");
    const locked = await b.waits(lockRow);
    await a.run("commit");
    await expect(locked.answer).rejects.toMatchObject(conflict);
  });
});

describe("SERIALIZABLE", () => {
  test("against a READ COMMITTED writer, with a lock only, overshoots: eleven of ten", async () => {
    const { b, answer } = await waitBehind(lockRow, { a: "read committed", b: "serializable" });
    expect(await answer).toEqual([{ lim: 10 }]);
    await countThenTake(b);
    expect(await total()).toBe(11);
  });

  test("against a READ COMMITTED writer, with an UPDATE as the lock, fails: ten of ten", async () => {
    const { answer } = await waitBehind(writeRow, { a: "read committed", b: "serializable" });
    await expect(answer).rejects.toMatchObject(conflict);
    expect(await total()).toBe(10);
  });

  test("with every writer SERIALIZABLE the second one fails: ten of ten", async () => {
    const { b, answer } = await waitBehind(lockRow, { a: "serializable", b: "serializable" });
    // Which of its statements fails is the server's choice.
    await expect(answer.then(() => countThenTake(b))).rejects.toMatchObject(conflict);
    expect(await total()).toBe(10);
  });
});
