import { describe, expect, test } from "vitest";
import { countItems, insertItem, schema, setStage } from "./harness.ts";

// Each statement of a VOLATILE function sees the rows of its own moment. A STABLE one sees those of the moment at which
// the statement that calls it began, so before the wait.
const stage = setStage(`${schema}
  create function free_volatile() returns boolean language plpgsql volatile as $$
    declare cap int;
    begin
      select lim into cap from org_limit where org = 'acme' for update;
      return (${countItems}) < cap;
    end $$;
  create function free_volatile_sql() returns boolean language sql volatile as $$
    select lim from org_limit where org = 'acme' for update;
    select (${countItems}) < 10;
  $$;
  create function free_stable_row() returns boolean language plpgsql stable as $$
    declare cap int;
    begin
      select lim into cap from org_limit where org = 'acme' for update;
      return (${countItems}) < cap;
    end $$;
  create function free_stable_advisory() returns boolean language plpgsql stable as $$
    begin
      perform pg_advisory_xact_lock(1);
      return (${countItems}) < 10;
    end $$;`);

/** A finds the last seat free and takes it; B asks meanwhile. Answers what B was told. */
async function askWhileTaken(free: string): Promise<unknown> {
  const [a, b] = [await stage.session(), await stage.session()];
  await a.run("begin");
  expect(await a.value(`select ${free}()`)).toBe(true);
  await a.run(insertItem);
  await b.run("begin");
  const asked = await b.waits(`select ${free}() as free`);
  await a.run("commit");
  const [answer] = await asked.answer;
  if (answer?.["free"]) await b.run(insertItem);
  await b.run("commit");
  return answer?.["free"];
}

describe("a VOLATILE function that locks, then counts is exact in one round trip: ten of ten", () => {
  test.each(["free_volatile", "free_volatile_sql"])("%s", async (free) => {
    expect(await askWhileTaken(free)).toBe(false);
    expect(await (await stage.session()).value(countItems)).toBe(10);
  });
});

test("the same function marked STABLE overshoots with an advisory lock: eleven of ten", async () => {
  expect(await askWhileTaken("free_stable_advisory")).toBe(true);
  expect(await (await stage.session()).value(countItems)).toBe(11);
});

test("the same function marked STABLE is refused with a row lock", async () => {
  const a = await stage.session();
  await expect(a.run("select free_stable_row()")).rejects.toMatchObject({ code: "0A000" });
});
