import { createEntitlements, type EntitlementsEvent } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { countProjects, createScratch, insertProject, project, resources, step } from "./fixtures/scratch.ts";

async function createWorld() {
  const scratch = createScratch();
  const sqlite = scratch.adapter();
  const events: EntitlementsEvent["type"][] = [];
  const entitlements = createEntitlements({ adapter: sqlite, resources, onEvent: ({ type }) => events.push(type) });
  await entitlements.migrate();
  return { ...scratch, sqlite, entitlements, events };
}

describe("adapter.transaction()", () => {
  it("commits what its function wrote, with the calls that joined it", async () => {
    const { host, sqlite, entitlements, events } = await createWorld();
    const made = await sqlite.transaction(async (tx) => {
      insertProject(tx);
      await entitlements.enforce({ ...project, tx }, (inner) => insertProject(inner));
      expect([countProjects(host), events]).toEqual([0, []]);
      return "made";
    });
    expect([made, countProjects(host), events]).toEqual(["made", 2, ["enforce.granted"]]);
  });

  it("undoes all of it where its function throws", async () => {
    const { host, sqlite, entitlements, events } = await createWorld();
    const reason = new Error("no");
    const failed = sqlite.transaction(async (tx) => {
      await entitlements.enforce({ ...project, tx }, (inner) => insertProject(inner));
      throw reason;
    });
    expect(await failed.catch((error) => error)).toBe(reason);
    expect([countProjects(host), events]).toEqual([0, []]);
  });

  // Fails when it takes a connection of its own instead of standing in line.
  it("stands in line with the SDK's writes instead of finding the file locked", async () => {
    const { host, sqlite, entitlements } = await createWorld();
    await entitlements.setLimit({ ...project, limit: 10 });
    const order: number[] = [];
    const calls = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0
        ? entitlements.enforce(project, async (tx) => {
            insertProject(tx);
            order.push(index);
            await new Promise((resume) => setTimeout(resume, 1));
          })
        : sqlite.transaction((tx) => {
            insertProject(tx, "other");
            order.push(index);
          }),
    );
    await Promise.all(calls);
    expect(order).toEqual(calls.map((_, index) => index));
    expect([countProjects(host), countProjects(host, "other")]).toEqual([10, 10]);
  });

  it("waits no longer than it is told, and says so", async () => {
    const { sqlite, entitlements } = await createWorld();
    const leave = step();
    const holding = entitlements.enforce(project, () => leave.reached);
    const late = sqlite.transaction(() => expect.fail("must not run"), { lockTimeoutMs: 30 });
    await expect(late).rejects.toMatchObject({ code: "ENTITLEMENT_LOCK_TIMEOUT", phase: "wait" });
    leave.reach();
    await holding;
  });
});

describe("a listener that is told of a refusal in another's function", () => {
  // Fails where it is taken for a part of that function, which nobody waits for it in.
  it("may write, in line behind that function", async () => {
    const scratch = createScratch();
    const answers: unknown[] = [];
    const entitlements = createEntitlements({
      adapter: scratch.adapter(),
      resources,
      onEvent({ type }) {
        if (type === "enforce.denied")
          answers.push(entitlements.consume({ orgId: "audit", resourceType: "quota:credit" }));
      },
    });
    await entitlements.migrate();
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:credit", limit: 0 });
    await entitlements.enforce(project, async (tx) => {
      insertProject(tx);
      const refused = entitlements.consume({ orgId: "acme", resourceType: "quota:credit", tx });
      await expect(refused).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    });
    expect(await Promise.all(answers)).toMatchObject([{ attempt: 1 }]);
  });
});

describe("a transaction that the caller began itself", () => {
  it("tells of no grant and no changed limit, since only the caller knows whether it commits; of a refusal at once", async () => {
    const { host, entitlements, events } = await createWorld();
    await entitlements.setLimit({ ...project, limit: 1 });
    events.length = 0;
    host.exec("begin immediate");
    await entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx));
    await entitlements.setLimit({ ...project, limit: 1, tx: host });
    await expect(entitlements.consume({ ...project, tx: host })).rejects.toThrow();
    expect(events).toEqual(["enforce.denied"]);
    host.exec("commit");
    expect(events).toEqual(["enforce.denied"]);
  });
});
