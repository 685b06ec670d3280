import { createEntitlements, type Settings } from "@x/entitlements-core";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { type Connection, createScratch, insertProject, numberOf, project, resources } from "./fixtures/scratch.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const credit = { orgId: "acme", resourceType: "quota:credit" } as const;

describe.each([
  ["numbers", (connection: Connection) => connection],
  ["BigInts", (connection: Connection) => connection.defaultSafeIntegers(true)],
])("where the driver hands out %s", (_what, configure) => {
  /** The same application, its own connections configured. */
  async function create(settings: Settings = {}) {
    const { file, host, adapter } = createScratch();
    const open = (): Connection => configure(new Database(file));
    const entitlements = createEntitlements({ adapter: adapter({}, open), resources, ...settings });
    await entitlements.migrate();
    return { host, entitlements };
  }

  it("limits, counts and usage are numbers", async () => {
    const { entitlements } = await create();
    await entitlements.setLimit({ ...project, limit: 2 });
    const grant = await entitlements.enforce(project, (tx, granted) => {
      insertProject(tx);
      return granted.claims;
    });
    expect(grant).toEqual([{ resourceType: "quota:project", amount: 1, current: 0, limit: 2, remaining: 1 }]);
    expect(await entitlements.usage({ orgId: "acme" })).toMatchObject([{ limit: 2, current: 1, remaining: 1 }, {}, {}]);
    expect(await entitlements.doctor()).toEqual([]);
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 + 1, MOST - 1, MOST])("the limit %d is exact", async (limit) => {
    const { host, entitlements } = await create();
    await entitlements.setLimit({ ...credit, limit });
    expect(await entitlements.resolveEntitlement(credit)).toEqual({ limit, source: "override" });
    expect(numberOf(host, "select typeof(max_value) = 'integer' from org_entitlement")).toBe(1);
  });

  it("a counter is exact up to 2^53 - 1, and never counts beyond", async () => {
    const { host, entitlements } = await create();
    const used = () => host.prepare("select cast(used as text) as used from org_entitlement").all();
    await entitlements.consume({ ...credit, amount: MOST - 1 });
    await entitlements.consume(credit);
    expect(used()).toEqual([{ used: "9007199254740991" }]);
    await expect(entitlements.consume(credit)).rejects.toMatchObject({ code: "ENTITLEMENT_INVALID_REQUEST" });
    await entitlements.setLimit({ ...credit, limit: MOST });
    await expect(entitlements.consume(credit)).rejects.toMatchObject({
      code: "ENTITLEMENT_LIMIT_REACHED",
      current: MOST,
    });
    expect(used()).toEqual([{ used: "9007199254740991" }]);
  });

  it("a counter never falls below 0, however much is given back", async () => {
    const { entitlements } = await create();
    const give = (amount: number) => entitlements.consume({ orgId: "acme", claims: { "quota:credit": amount } });
    await give(-5);
    expect(await entitlements.check(credit)).toMatchObject({ current: 0 });
    await give(3);
    await give(-MOST);
    expect(await entitlements.check(credit)).toMatchObject({ current: 0 });
    await give(2);
    expect(await entitlements.check(credit)).toMatchObject({ current: 2 });
  });

  it("a limit holds until it expires, and the count outlives it", async () => {
    let now = new Date("2026-05-05T12:00:00.000Z");
    const { entitlements } = await create({ clock: () => now });
    await entitlements.setLimit({
      ...credit,
      limit: 1,
      reason: "trial",
      expiresAt: new Date("2026-05-06T12:00:00.000Z"),
    });
    await entitlements.consume(credit);
    now = new Date("2026-05-06T11:59:59.999Z");
    await expect(entitlements.consume(credit)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    expect(await entitlements.overLimit()).toMatchObject({ organisations: [] });
    now = new Date("2026-05-06T12:00:00.000Z");
    expect(await entitlements.limits({ orgId: "acme" })).toEqual([]);
    await entitlements.consume(credit);
    expect(await entitlements.check(credit)).toMatchObject({ limit: null, current: 2 });
  });

  it("organisations above a limit are listed page by page, each once, in one order", async () => {
    const { host, entitlements } = await create();
    const orgIds = Array.from({ length: 25 }, (_, index) => `org ${String(index).padStart(2, "0")}`);
    for (const orgId of orgIds) {
      insertProject(host, orgId);
      // Every third one is above its limit.
      await entitlements.setLimit({ ...project, orgId, limit: orgIds.indexOf(orgId) % 3 === 0 ? 0 : 1 });
    }
    const listed: string[] = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const page = await entitlements.overLimit({ pageSize: 4, cursor });
      listed.push(...page.organisations.map(({ orgId }) => orgId));
      cursor = page.cursor;
    }
    expect(listed).toEqual(orgIds.filter((_, index) => index % 3 === 0));
    expect(pages).toBe(3);
  });
});
