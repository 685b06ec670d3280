import { afterEach, describe, expect, it } from "vitest";
import { endProcesses, type Process, startProcesses } from "./fixtures/processes.ts";
import { countProjects, createApp, insertProject, project } from "./fixtures/scratch.ts";

afterEach(endProcesses);

/** What is measured in milliseconds may be spoilt once by whatever else the machine does. */
const timed = { retry: 2 };

describe("several processes on one file", () => {
  // Fails with BEGIN instead of BEGIN IMMEDIATE: refusals are then SQLite's own, of writes that came too late.
  it("the last project is wanted by 4 processes with 10 callers each: one gets it, the others are told that it is full", async () => {
    const { file, host, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 3 });
    for (let taken = 0; taken < 2; taken++) await entitlements.enforce(project, (tx) => insertProject(tx));
    const processes = await startProcesses(4, file);
    const claims = await Promise.all(processes.map((process) => process.ask("claim", { callers: 10 })));
    expect(claims.reduce((sum, { granted }) => sum + Number(granted), 0)).toBe(1);
    expect(claims.flatMap(({ refused }) => refused)).toEqual(Array(39).fill("ENTITLEMENT_LIMIT_REACHED"));
    expect(countProjects(host)).toBe(3);
  });

  // Fails when the driver waits (busy_timeout of 5,000 instead of 0): the event loop then stands still for 300 ms.
  it(
    "one that waits for another's lock keeps answering: its event loop never stands still for 50 ms",
    timed,
    async () => {
      const { file, host } = await createApp();
      const [holder, waiter] = await two(file);
      const holding = holder.ask("hold", { ms: 300 });
      await holder.held();
      const { ms, stood } = await waiter.ask("wait");
      await holding;
      expect(Number(ms)).toBeGreaterThan(200);
      expect(Number(stood)).toBeLessThan(50);
      expect(countProjects(host)).toBe(2);
    },
  );

  it("one that is killed while it holds the lock leaves nothing behind, and the next goes on at once", async () => {
    const { file, host, entitlements } = await createApp();
    const [victim] = await two(file);
    victim.ask("hold", { ms: 60_000 }).catch(() => {});
    await victim.held();
    await victim.kill();
    const began = performance.now();
    await entitlements.enforce(project, (tx) => insertProject(tx));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(countProjects(host)).toBe(1);
  });

  // Fails with BEGIN instead of BEGIN IMMEDIATE: the limit is then refused for want of a lock instead of waiting.
  it("one with a first limit to set waits for the writes of the others, and it holds for all from then on", async () => {
    const { file, host, entitlements } = await createApp();
    const [holder, other] = await two(file);
    const holding = holder.ask("hold", { ms: 100 });
    await holder.held();
    await entitlements.setLimit({ ...project, limit: 1 });
    await holding;
    expect(await other.ask("claim", { callers: 5 })).toMatchObject({ granted: 0 });
    expect(countProjects(host)).toBe(1);
  });
});

describe("fairness between processes", () => {
  // Fails with a busy_timeout in place of turns.ts and busy.ts: some then get next to nothing.
  it("four with twenty callers each get about the same: the slowest at least half of the mean", timed, async () => {
    const { file } = await createApp();
    const processes = await startProcesses(4, file);
    const churned = await Promise.all(processes.map((process) => process.ask("churn", { callers: 20, ms: 3_000 })));
    const granted = churned.map((one) => Number(one["granted"]));
    const mean = granted.reduce((sum, one) => sum + one, 0) / granted.length;
    expect(Math.min(...granted)).toBeGreaterThan(mean / 2);
  });

  // Fails when a process takes the lock again as soon as it has let go of it, as turns.ts keeps it from doing.
  it(
    "a process whose callers hold the lock for long, one after the other, still lets another one in",
    timed,
    async () => {
      const { file } = await createApp();
      const [long, short] = await two(file);
      const [, waited] = await Promise.all([
        long.ask("churn", { callers: 10, ms: 3_000, holdMs: 20 }),
        short.ask("churn", { callers: 1, ms: 3_000 }),
      ]);
      expect(Number(waited["granted"])).toBeGreaterThan(30);
      expect(Number(waited["longest"])).toBeLessThan(250);
    },
  );
});

async function two(file: string): Promise<readonly [Process, Process]> {
  const [first, second] = await startProcesses(2, file);
  if (first === undefined || second === undefined) throw new Error("Two were asked for.");
  return [first, second];
}
