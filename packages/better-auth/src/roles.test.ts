import { describe, expect, test } from "vitest";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld, json, type Person, type World } from "./fixtures/world.ts";

function setRole({ call }: World, by: Person, orgId: string, memberId: string, role: string | string[]) {
  return call("/organization/update-member-role", by, { organizationId: orgId, memberId, role });
}

describe.each(eachDatabase)("%s", (_name, open) => {
  test("a promotion needs a seat of the new bucket, and a refused one changes nothing", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const { memberId } = await world.join(orgId);
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 1 });
    for (const role of ["admin", "owner", ["member", "admin"]]) {
      const refused = await setRole(world, owner, orgId, memberId, role);
      expect([refused.status, (await json(refused))["resourceType"]]).toEqual([402, "seat:admin"]);
    }
    expect(await world.rows("member", orgId, { role: "member" })).toBe(1);
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 2 });
    expect((await setRole(world, owner, orgId, memberId, ["member", "admin"])).status).toBe(200);
    expect(await world.entitlements.check({ orgId, resourceType: "seat:admin" })).toMatchObject({ current: 2 });
    expect(await world.entitlements.check({ orgId, resourceType: "seat:member" })).toMatchObject({ current: 0 });
  });

  test("within a bucket a role is free, also above the limit; a demotion needs a seat below", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const { memberId } = await world.join(orgId, "admin");
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 0 });
    await world.entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 0 });
    expect((await setRole(world, owner, orgId, memberId, "owner")).status).toBe(200);
    expect((await setRole(world, owner, orgId, memberId, ["owner", "member"])).status).toBe(200);
    expect((await setRole(world, owner, orgId, memberId, "member")).status).toBe(402);
    await world.entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
    expect((await setRole(world, owner, orgId, memberId, "member")).status).toBe(200);
  });

  // Fails when a change within a bucket takes no seat: the three admins are then one more than the limit.
  test("a role that better-auth read before somebody changed it is no way around the limit", async () => {
    let arrived = () => {};
    let goOn = () => {};
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const mayGo = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = async ({ newRole }: { newRole: string }) => {
      if (newRole !== "admin,owner") return;
      arrived();
      await mayGo;
    };
    const world = await createWorld(open, { hooks: { hooks: { beforeUpdateMemberRole: slow } } });
    const { orgId, owner } = await world.found();
    const [ann, bob] = [await world.join(orgId, "admin"), await world.join(orgId)];
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 2 });
    // Ann is an admin when this is asked, so that it stays within her bucket.
    const late = setRole(world, owner, orgId, ann.memberId, ["admin", "owner"]);
    await isThere;
    expect((await setRole(world, owner, orgId, ann.memberId, "member")).status).toBe(200);
    expect((await setRole(world, owner, orgId, bob.memberId, "admin")).status).toBe(200);
    goOn();
    expect((await late).status).toBe(402);
    expect(await world.entitlements.check({ orgId, resourceType: "seat:admin" })).toMatchObject({ current: 2 });
  });
});
