import { beforeEach, describe, expect, test } from "vitest";
import { counter, createEntitlements, feature, memoryAdapter } from "./index.ts";

const adapter = memoryAdapter();
let now = new Date();
const entitlements = createEntitlements({
  adapter,
  clock: () => now,
  resources: {
    "quota:project": counter({ label: "Projects" }),
    "seat:admin": counter({ label: "Admin seats" }),
    "feature:sso": feature({ label: "Single sign-on" }),
  },
});
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const sso = { orgId, resourceType: "feature:sso" } as const;

beforeEach(async () => {
  now = new Date("2030-01-01T00:00:00.000Z");
  await entitlements.forget({ orgId });
  await entitlements.forget({ orgId: "globex" });
});

describe("a limit", () => {
  test("that was never set is none: nothing configured, nothing limited", async () => {
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: null, source: "none" });
    expect(await entitlements.limits({ orgId })).toEqual([]);
    await entitlements.consume({ ...project, amount: 1_000_000 });
  });

  test("that was set to null is unlimited by decision, and told apart from none", async () => {
    await entitlements.setLimit({ ...project, limit: null });
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: null, source: "override" });
    await entitlements.consume({ ...project, amount: 1_000_000 });
  });

  test("of 0 blocks", async () => {
    await entitlements.setLimit({ ...project, limit: 0 });
    await expect(entitlements.consume(project)).rejects.toMatchObject({ limit: 0, current: 0 });
  });

  test("set again replaces the old one, with its reason, actor and end", async () => {
    await entitlements.setLimit({
      ...project,
      limit: 5,
      reason: "trial",
      actor: "ann",
      expiresAt: new Date("2031-01-01T00:00:00.000Z"),
    });
    await entitlements.setLimit({ ...project, limit: 7 });
    expect(await entitlements.limits({ orgId })).toEqual([
      {
        resourceType: "quota:project",
        limit: 7,
        reason: null,
        actor: null,
        expiresAt: null,
        updatedAt: "2030-01-01T00:00:00.000Z",
      },
    ]);
  });

  test("lowered below the usage takes nothing away", async () => {
    await entitlements.consume({ ...project, amount: 5 });
    await entitlements.setLimit({ ...project, limit: 2 });
    expect(await entitlements.check(project)).toMatchObject({ allowed: false, current: 5, limit: 2, remaining: 0 });
  });

  test("cleared leaves the count and lifts the limit; clearing again is harmless", async () => {
    await entitlements.setLimit({ ...project, limit: 3 });
    await entitlements.consume({ ...project, amount: 3 });
    await entitlements.clearLimit(project);
    await entitlements.clearLimit({ ...project, reason: "contract", actor: "ann" });
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: null, source: "none" });
    expect((await entitlements.consume(project)).claims).toMatchObject([{ current: 3, limit: null, remaining: null }]);
  });
});

describe("the limits of an organisation", () => {
  test("come in the order of definition, with why, by whom and when, as ISO-8601", async () => {
    await entitlements.setLimit({ ...sso, limit: 0 });
    now = new Date("2030-02-01T00:00:00.000Z");
    await entitlements.setLimit({
      ...project,
      limit: 5,
      reason: "trial",
      actor: "ann",
      expiresAt: new Date("2030-03-01T00:00:00.000Z"),
    });
    await entitlements.setLimit({ ...project, orgId: "globex", limit: 9 });
    const none = { reason: null, actor: null, expiresAt: null };
    expect(await entitlements.limits({ orgId })).toEqual([
      {
        resourceType: "quota:project",
        limit: 5,
        reason: "trial",
        actor: "ann",
        expiresAt: "2030-03-01T00:00:00.000Z",
        updatedAt: "2030-02-01T00:00:00.000Z",
      },
      { ...none, resourceType: "feature:sso", limit: 0, updatedAt: "2030-01-01T00:00:00.000Z" },
    ]);
  });

  test("are copies: changing one that was read changes no limit", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    const [read] = await entitlements.limits({ orgId });
    Object.assign(read ?? {}, { limit: 1_000_000 });
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: 1, source: "override" });
    await expect(entitlements.consume({ ...project, amount: 2 })).rejects.toMatchObject({ limit: 1 });
  });
});

describe("a limit with an end", () => {
  beforeEach(async () => {
    await entitlements.setLimit({ ...project, limit: 1, expiresAt: new Date("2030-01-02T00:00:00.000Z") });
    await entitlements.consume(project);
  });

  test("holds until the last millisecond before it", async () => {
    now = new Date("2030-01-01T23:59:59.999Z");
    await expect(entitlements.consume(project)).rejects.toMatchObject({ limit: 1 });
    expect(await entitlements.limits({ orgId })).toHaveLength(1);
  });

  test("has ended at that moment, everywhere: claims, reads, lists", async () => {
    now = new Date("2030-01-02T00:00:00.000Z");
    expect((await entitlements.consume(project)).claims).toMatchObject([{ limit: null }]);
    expect(await entitlements.resolveEntitlement(project)).toEqual({ limit: null, source: "none" });
    expect(await entitlements.limits({ orgId })).toEqual([]);
    expect(await entitlements.usage({ orgId })).toMatchObject([{ limit: null, status: "unlimited" }, {}, {}]);
    expect(await entitlements.check(project)).toMatchObject({ allowed: true, limit: null });
    expect(await entitlements.overLimit()).toEqual({ organisations: [], cursor: null });
  });

  test("can be set anew after it", async () => {
    now = new Date("2031-01-01T00:00:00.000Z");
    await entitlements.setLimit({ ...project, limit: 2 });
    expect(await entitlements.limits({ orgId })).toMatchObject([
      { limit: 2, expiresAt: null, updatedAt: "2031-01-01T00:00:00.000Z" },
    ]);
  });
});

test("without a clock of the host's the machine's own time ends a limit", async () => {
  const own = createEntitlements({
    adapter: memoryAdapter(),
    resources: { "quota:project": counter({ label: "Projects" }) },
  });
  await own.setLimit({ ...project, limit: 0, expiresAt: new Date(Date.now() + 400) });
  expect(await own.check(project)).toMatchObject({ limit: 0 });
  await new Promise((resume) => setTimeout(resume, 420));
  expect(await own.check(project)).toMatchObject({ limit: null });
});

describe("forget", () => {
  test("erases limits and counts of one organisation and of no other", async () => {
    for (const org of [orgId, "globex", "acme2"]) {
      await entitlements.setLimit({ orgId: org, resourceType: "quota:project", limit: 5 });
      await entitlements.consume({ orgId: org, claims: { "quota:project": 2, "seat:admin": 1 } });
    }
    await entitlements.forget({ orgId });
    expect(await entitlements.limits({ orgId })).toEqual([]);
    expect(await entitlements.usage({ orgId })).toMatchObject([{ current: 0 }, { current: 0 }, { current: 0 }]);
    for (const other of ["globex", "acme2"]) {
      expect(await entitlements.usage({ orgId: other })).toMatchObject([{ current: 2, limit: 5 }, { current: 1 }, {}]);
      await entitlements.forget({ orgId: other });
    }
    expect(adapter.rows("org_entitlement").size).toBe(0);
  });

  test("is idempotent, also for an organisation that never was", async () => {
    await entitlements.forget({ orgId });
    await entitlements.forget({ orgId: "nobody" });
  });
});
