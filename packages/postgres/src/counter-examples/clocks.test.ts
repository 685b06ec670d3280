import { expect, test } from "vitest";
import { lockRow, schema, setStage } from "./harness.ts";

const stage = setStage(`${schema} create table hold (org text, expires_at timestamptz);`);

test("now() stands still while a transaction waits: a hold that has run out still counts, not so by clock_timestamp()", async () => {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run(`begin; ${lockRow}`);
  await b.run("begin");
  const locked = await b.waits(lockRow);
  // B waits already, so this hold ends after B's transaction began and before B has the lock.
  await a.run("insert into hold values ('acme', clock_timestamp()); commit");
  await locked.answer;
  expect(await b.value("select count(*)::int from hold where expires_at > now()")).toBe(1);
  expect(await b.value("select count(*)::int from hold where expires_at > clock_timestamp()")).toBe(0);
});
