import { describe, expect, test } from "vitest";
import { insertItem, setStage } from "./harness.ts";

// An organisation without a limit, ten items, and an administrator who introduces a cap of ten.
const stage = setStage(`
  create table org_limit (org text primary key, lim int);
  create table item (id serial primary key, org text not null);
  insert into item (org) select 'acme' from generate_series(1, 10);`);
const count = "select count(*)::int from item";
const read = "select lim from org_limit where org = 'acme' for update";
const anchor = "insert into org_limit values ('acme', null) on conflict do nothing";
const cap = "insert into org_limit values ('acme', 10) on conflict (org) do update set lim = excluded.lim";

test("with no row to lock, a cap is introduced beside an open create: eleven of ten", async () => {
  const [member, admin] = [await stage.session(), await stage.session()];
  await member.run("begin");
  expect(await member.run(read)).toEqual([]);
  await member.run(insertItem);
  // The administrator waits for nobody, counts ten, and believes the cap to be kept.
  await admin.run("begin");
  await admin.run(cap);
  expect(await admin.value(count)).toBe(10);
  await admin.run("commit");
  await member.run("commit");
  expect(await admin.value(count)).toBe(11);
});

describe("with an anchor row made on demand, the two wait for each other", () => {
  test("the cap comes second: the administrator sees the eleven", async () => {
    const [member, admin] = [await stage.session(), await stage.session()];
    await member.run("begin");
    await member.run(anchor);
    expect(await member.run(read)).toEqual([{ lim: null }]);
    await member.run(insertItem);
    await admin.run("begin");
    const capped = await admin.waits(cap);
    await member.run("commit");
    await capped.answer;
    expect(await admin.value(count)).toBe(11);
  });

  test("the cap comes first: the member reads it and is refused, ten of ten", async () => {
    const [member, admin] = [await stage.session(), await stage.session()];
    await admin.run("begin");
    await admin.run(cap);
    await member.run("begin");
    const anchored = await member.waits(anchor);
    await admin.run("commit");
    await anchored.answer;
    expect(await member.run(read)).toEqual([{ lim: 10 }]);
    expect(await member.value(count)).toBe(10);
  });

  test("members of an unlimited organisation share it, and only the cap waits for them", async () => {
    const [one, other, admin] = [await stage.session(), await stage.session(), await stage.session()];
    await one.run(anchor);
    for (const member of [one, other]) {
      await member.run("begin");
      expect(await member.run("select lim from org_limit where org = 'acme' for share")).toEqual([{ lim: null }]);
    }
    const capped = await admin.waits(cap);
    await one.run("commit");
    await other.run("commit");
    await capped.answer;
  });
});
