import { describe, expect, test } from "vitest";
import { countItems, setStage } from "./harness.ts";

// An UPDATE that waited looks at the row's newest version again before it writes.
const stage = setStage();
const take = "update org_limit set used = used + 1 where org = 'acme' and used + 1 <= lim returning org";

describe("a counter that is checked where it is written is exact: ten of ten", () => {
  test.each([
    ["the update alone", `${take}`],
    [
      "the update as a CTE, with the insert",
      `with taken as (${take}) insert into item (org) select org from taken returning org`,
    ],
  ])("%s", async (_name, sql) => {
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run("begin");
    expect(await a.run(sql)).toHaveLength(1);
    const second = await b.waits(sql);
    await a.run("commit");
    expect(await second.answer).toHaveLength(0);
    expect(await a.value("select used from org_limit where org = 'acme'")).toBe(10);
  });

  test("if the holder rolls back, the one who waited gets the seat", async () => {
    const [a, b] = [await stage.session(), await stage.session()];
    await a.run("begin");
    await a.run(take);
    const second = await b.waits(take);
    await a.run("rollback");
    expect(await second.answer).toHaveLength(1);
  });
});

test("used + n <= limit overflows with a large n, used <= limit - n refuses it", async () => {
  const a = await stage.session();
  const many = 2_147_483_647;
  const added = a.run("select from org_limit where org = 'acme' and used + $1::int <= lim", [many]);
  await expect(added).rejects.toMatchObject({ code: "22003" });
  expect(await a.run("select from org_limit where org = 'acme' and used <= lim - $1::int", [many])).toEqual([]);
  expect(await a.value(countItems)).toBe(9);
});
