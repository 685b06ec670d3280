import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { claimBoth, exactly } from "./fixtures/accounts.ts";
import { checkpoint } from "./fixtures/checkpoint.ts";
import { type Connection, createApp, project, resources } from "./fixtures/scratch.ts";
import { endVictims, startVictim, type Victim } from "./fixtures/victims.ts";

afterEach(endVictims);

/** Times may be spoilt once by whatever else the machine does. */
const timed = { retry: 2 };
const TIMEOUT_MS = 300;
const timedOut = { code: "ENTITLEMENT_LOCK_TIMEOUT", status: 503, phase: "wait" };

/** An application, and another program that takes its file's lock. */
async function locked() {
  const app = await createApp();
  await app.entitlements.setLimit({ ...project, limit: 2 });
  await claimBoth(app.entitlements);
  return { ...app, program: startVictim("holdLock", app.file, ["once"]) };
}

/** For how long at most the event loop stood still meanwhile, in milliseconds. */
async function standstill(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last - 1);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  return longest;
}

const endings: readonly (readonly [string, (program: Victim) => void])[] = [
  ["lets go", (program) => program.proceed()],
  ["is killed", (program) => program.kill()],
];

describe("another program that does not let go of the lock", () => {
  // Fails where the driver waits (busy_timeout in open.ts): the event loop then stands still.
  it("makes writers time out while the event loop goes on, and readers not wait at all", timed, async () => {
    const { host, entitlements, adapter, program } = await locked();
    await program.said("held");
    const hasty = createEntitlements({ adapter: adapter(), resources, lockTimeoutMs: TIMEOUT_MS });
    const began = performance.now();
    const stood = await standstill(async () => {
      for (const call of [
        () => hasty.enforce(project, () => expect.fail("must not run")),
        () => hasty.setLimit({ ...project, limit: 9 }),
      ])
        await expect(call()).rejects.toMatchObject(timedOut);
    });
    expect(performance.now() - began).toBeLessThan(2 * TIMEOUT_MS + 500);
    expect(stood).toBeLessThan(50);
    expect(await entitlements.check(project)).toMatchObject({ current: 1, limit: 2 });
    expect(exactly(host)).toBe(1);
  });

  it.each(endings)("is waited for: a call is served as soon as it %s", async (_how, end) => {
    const { host, entitlements, program } = await locked();
    await program.said("held");
    let served = false;
    const waiting = claimBoth(entitlements).then(() => {
      served = true;
    });
    await entitlements.check(project);
    await new Promise((resume) => setTimeout(resume, 100));
    expect(served).toBe(false);
    end(program);
    await program.ended;
    const began = performance.now();
    await waiting;
    expect(performance.now() - began).toBeLessThan(500);
    await expect(claimBoth(entitlements)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    expect(exactly(host)).toBe(2);
  });

  // SQLite's locking_mode = exclusive, which locks readers out too.
  it.each(endings)("and keeps the file to itself makes everybody time out, until it %s", async (_how, end) => {
    const app = await createApp();
    await app.entitlements.setLimit({ ...project, limit: 2 });
    await claimBoth(app.entitlements);
    checkpoint(app);
    const file = join(app.folder, "copy.db");
    copyFileSync(app.file, file);
    const program = startVictim("holdLock", file, ["always"]);
    await program.said("held");
    const open = (): Connection => new Database(file);
    const hasty = createEntitlements({ adapter: app.adapter({}, open), resources, lockTimeoutMs: TIMEOUT_MS });
    await expect(hasty.enforce(project, () => expect.fail("must not run"))).rejects.toMatchObject(timedOut);
    await expect(hasty.check(project)).rejects.toMatchObject(timedOut);
    end(program);
    await program.ended;
    expect(await hasty.check(project)).toMatchObject({ current: 1, limit: 2 });
    await claimBoth(hasty);
    await expect(claimBoth(hasty)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    const host = open();
    expect(exactly(host)).toBe(2);
    host.close();
  });
});
