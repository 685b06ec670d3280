import { setTimeout as sleep } from "node:timers/promises";
import { createEntitlements } from "@x/entitlements-core";
import { afterEach, describe, expect, it } from "vitest";
import { endProcesses, startProcesses } from "./fixtures/processes.ts";
import { countProjects, createApp, insertProject, numberOf, project, resources } from "./fixtures/scratch.ts";

afterEach(endProcesses);

describe("a process that ends between hold and write", () => {
  it("leaves units that come back by themselves, and a key that is free again", async () => {
    const { file, entitlements } = await createApp();
    await entitlements.setLimit({ ...project, limit: 1 });
    const [other] = await startProcesses(1, file);
    await other?.ask("reserve", { key: "k", ttlMs: 400 });
    await other?.kill();
    await expect(entitlements.reserve(project)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    await expect(entitlements.reserve({ ...project, key: "k" })).rejects.toMatchObject({
      code: "ENTITLEMENT_RESERVATION_CONFLICT",
      retryAfterSeconds: 1,
    });
    await sleep(450);
    await entitlements.reserve({ ...project, key: "k" });
  });
});

describe("a call with an idempotency key", () => {
  it("happens once among processes, and its result is there after all of them have ended", async () => {
    const { file, host, adapter, entitlements } = await createApp();
    const processes = await startProcesses(3, file);
    const answers = await Promise.all(
      processes.map((process) => process.ask("once", { callers: 10, idempotencyKey: "k" })),
    );
    const results = new Set(answers.flatMap((answer) => Object.values(answer)).map((one) => JSON.stringify(one)));
    expect([results.size, countProjects(host)]).toEqual([1, 1]);
    await Promise.all(processes.map((process) => process.kill()));
    const restarted = createEntitlements({ adapter: adapter(), resources });
    const again = await restarted.enforce({ ...project, idempotencyKey: "k" }, (): object => expect.fail("ran again"));
    expect(results).toEqual(new Set([JSON.stringify(again)]));
    expect(await entitlements.check(project)).toMatchObject({ current: 1 });
  });
});

describe("what has expired", () => {
  it("is deleted with the next that is stored, so that nothing piles up", async () => {
    let now = new Date("2030-01-01T00:00:00Z");
    const { host, entitlements } = await createApp({ clock: () => now, idempotencyTtlMs: 1_000 });
    const stored = () => [
      numberOf(host, "select count(*) from org_reservation"),
      numberOf(host, "select count(*) from org_idempotency"),
    ];
    for (let day = 1; day <= 5; day++) {
      now = new Date(`2030-01-0${day}T00:00:00Z`);
      for (const key of ["a", "b"]) {
        await entitlements.reserve({ ...project, key });
        await entitlements.enforce({ ...project, idempotencyKey: key }, (tx) => insertProject(tx));
      }
      expect(stored()).toEqual([2, 2]);
    }
    await entitlements.forget({ orgId: "acme" });
    expect(stored()).toEqual([0, 0]);
  });
});

describe("the database itself refuses, whoever writes", () => {
  const hold = "'acme', 'id', 'quota:project', 1, 1, null, '[]', '2030', '2030'";
  it.each([
    ["a hold of nothing", "org_reservation", hold.replace(", 1, 1,", ", 0, 0,")],
    ["a hold of a malformed resource type", "org_reservation", hold.replace("quota:project", "Quota")],
    ["a hold that covers no list", "org_reservation", hold.replace("[]", "{}")],
    ["a hold of nobody", "org_reservation", hold.replace("'acme'", "''")],
    ["a second hold of a key", "org_reservation", hold.replace("'id'", "'other'").replace("null", "'k'")],
    ["a result that is no JSON", "org_idempotency", "'acme', 'k', '[]', '{', '2030', '2030'"],
  ])("%s", async (_what, table, values) => {
    const { host } = await createApp();
    host.exec(`insert into org_reservation values (${hold.replace("null", "'k'")})`);
    expect(() => host.exec(`insert into ${table} values (${values})`)).toThrow(/constraint/i);
  });
});
