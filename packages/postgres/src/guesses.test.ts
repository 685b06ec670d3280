import { expect, test } from "vitest";
import { fromPg } from "./bridges/pg.ts";
import { type Bridge, createApp, insertProject, numberOf, step } from "./fixtures/app.ts";

const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;

/** More than lie between an answer and what is decided by it. */
const TURNS = 16;

/** Keeps answers back, once it is told to, until each of them is let through. */
function keepingBack(bridge: Bridge, isKept: (statements: readonly string[]) => boolean) {
  const kept: (() => void)[] = [];
  let isOn = false;
  const watched: Bridge = {
    ...bridge,
    async connect() {
      const own = await bridge.connect();
      return {
        ...own,
        get tx() {
          return own.tx;
        },
        async run(statements) {
          const answers = await own.run(statements);
          if (!isOn || !isKept(statements)) return answers;
          const { reached, reach } = step();
          kept.push(reach);
          await reached;
          return answers;
        },
      };
    },
  };
  const turn = (on: boolean): void => {
    isOn = on;
  };
  return { watched, kept, turn };
}

// Fails where it is decided by the guess that is shared by all calls of a process, and not by what was seen under the lock: of
// the old answer and the new ones whichever was heard last was believed, and three projects stood beside a limit of two.
test("an answer from before the limit, heard between an answer under the lock and its use, lets nobody share what is limited", async () => {
  const app = await createApp();
  const pool = app.open();
  const readsOrShares = (statements: readonly string[]) =>
    statements.some((sql) => sql.includes("for share of anchor") || sql.includes("entitlements_stored"));
  const { watched, kept, turn } = keepingBack(fromPg(pool), readsOrShares);
  const mine = app.connect(pool, {}, watched);
  for (let turns = -TURNS; turns < TURNS; turns++) {
    await app.host.query("truncate project");
    await app.entitlements.setLimit({ ...project, limit: null });
    await mine.enforce(project, (tx) => insertProject(tx));
    // Only now is it known that nothing limits it.
    await mine.enforce(project, () => {});
    turn(true);
    kept.length = 0;
    const old = mine.enforce({ ...project, locking: "at-commit" }, () => {});
    await expect.poll(() => kept.length, { interval: 1 }).toBe(1);
    await app.entitlements.setLimit({ ...project, limit: 2 });
    const claims = [1, 2].map(() => mine.enforce(project, (tx) => insertProject(tx)));
    await expect.poll(() => kept.length, { interval: 1 }).toBe(3);
    turn(false);
    const [before, ...under] = kept;
    const openUnder = (): void => {
      for (const open of under) open();
    };
    const [first, last] = turns < 0 ? [before, openUnder] : [openUnder, before];
    first?.();
    for (let n = 0; n < Math.abs(turns); n++) await null;
    last?.();
    await Promise.allSettled([old, ...claims]);
    expect(await numberOf(app.host, "select count(*) from project"), `after ${turns} turns`).toBe(2);
  }
});
