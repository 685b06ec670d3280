import { describe, expect, it } from "vitest";
import { countProjects, createApp, insertProject, project } from "./fixtures/scratch.ts";

const configuration = { code: "ENTITLEMENT_CONFIGURATION" };

describe("what is no open transaction", () => {
  it.each(["transaction", "immediate"] as const)(
    "is refused before the function runs: the driver's synchronous db.transaction(async), %s",
    async (kind) => {
      const { host, open, entitlements } = await createApp();
      let ran = false;
      const inside = async () => {
        await entitlements.enforce({ ...project, tx: host }, (tx) => {
          ran = true;
          insertProject(tx);
        });
        insertProject(host);
      };
      const transaction = host.transaction(inside);
      const failed = kind === "immediate" ? transaction.immediate() : transaction();
      await expect(failed).rejects.toMatchObject(configuration);
      await expect(failed).rejects.toThrow(/synchronous transaction\(fn\).*BEGIN IMMEDIATE/);
      expect([ran, host.inTransaction, countProjects(open())]).toEqual([false, false, 0]);
    },
  );

  it("is refused: a connection without one", async () => {
    const { host, entitlements } = await createApp();
    for (const call of [
      () => entitlements.enforce({ ...project, tx: host }, (tx) => insertProject(tx)),
      () => entitlements.setLimit({ ...project, limit: 1, tx: host }),
      () => entitlements.usage({ orgId: "acme", tx: host }),
    ]) {
      const refused = call();
      await expect(refused).rejects.toMatchObject(configuration);
      await expect(refused).rejects.toThrow(/no open transaction.*BEGIN IMMEDIATE/s);
    }
    expect(countProjects(host)).toBe(0);
  });

  it("is refused: one on another database, whose limits are none of ours, also where it has tables like ours", async () => {
    const { entitlements, host } = await createApp();
    const other = await createApp();
    await entitlements.setLimit({ ...project, limit: 0 });
    other.host.exec("begin immediate");
    let ran = false;
    const refused = entitlements.enforce({ ...project, tx: other.host }, () => {
      ran = true;
    });
    await expect(refused).rejects.toMatchObject(configuration);
    await expect(refused).rejects.toThrow(/another database/);
    await expect(entitlements.usage({ orgId: "acme", tx: other.host })).rejects.toThrow(/another database/);
    expect([ran, other.host.inTransaction, host.inTransaction]).toEqual([false, true, false]);
    other.host.exec("rollback");
  });

  it("is refused: a closed connection", async () => {
    const { open, entitlements } = await createApp();
    const closed = open();
    closed.exec("begin immediate");
    closed.close();
    await expect(entitlements.enforce({ ...project, tx: closed }, () => {})).rejects.toThrow(/is closed/);
  });

  it.each([
    ["an object", {}],
    ["a text", "begin"],
    ["a number", 1],
    ["half a connection", { prepare: () => ({}) }],
  ])("is refused: %s", async (_what, tx) => {
    const { entitlements } = await createApp();
    // @ts-expect-error: no connection
    const failed = entitlements.enforce({ ...project, tx }, () => {});
    await expect(failed).rejects.toMatchObject(configuration);
    await expect(failed).rejects.toThrow(/no libsql Database/);
  });
});
