import { expect, test } from "vitest";
import { setStage } from "./harness.ts";

// A foreign-key check takes FOR KEY SHARE on the organisation: every table that points at it is concerned.
const stage = setStage(`
  create table org (id text primary key);
  insert into org values ('acme');
  create table invoice (org_id text not null references org);`);
const insertInvoice = "insert into invoice values ('acme') returning org_id";

test("locking the organisation FOR UPDATE blocks inserts that have nothing to do with the limit", async () => {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run("begin; select from org where id = 'acme' for update");
  const inserted = await b.waits(insertInvoice);
  await a.run("commit");
  expect(await inserted.answer).toEqual([{ org_id: "acme" }]);
});

test("locking it FOR NO KEY UPDATE does not, and still excludes another lock of its kind", async () => {
  const lock = "select id from org where id = 'acme' for no key update";
  const [a, b, c] = [await stage.session(), await stage.session(), await stage.session()];
  await a.run(`begin; ${lock}`);
  expect(await b.run(insertInvoice)).toEqual([{ org_id: "acme" }]);
  const second = await c.waits(lock);
  await a.run("commit");
  expect(await second.answer).toEqual([{ id: "acme" }]);
});
