import { describe, expect, test } from "vitest";
import { kyselyOnSqlite } from "./fixtures/databases.ts";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld, type World } from "./fixtures/world.ts";
import { seatTotal } from "./seat-total.ts";

const seat = "seat:member" as const;

describe.each(eachDatabase)("%s", (_name, open) => {
  test("users left out by id or by a field take no seat at any door", async () => {
    const world = await createWorld(open, { seats: { excludeUsers: { field: "kind", value: "service" } } });
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const robot = await world.signUp({ kind: "service" });
    await world.join(orgId);
    await world.auth.api.addMember({ body: { organizationId: orgId, userId: robot.id, role: "member" } });
    expect(await world.rows("member", orgId, { role: "member" })).toBe(2);
    expect(await world.entitlements.check({ orgId, resourceType: seat })).toMatchObject({ current: 1 });
    await expect(world.join(orgId)).rejects.toMatchObject({ statusCode: 402 });

    // At full, through the other doors.
    const { adapter } = await world.auth.$context;
    const where = [{ field: "userId", value: robot.id }];
    const memberId = (await adapter.findOne<{ id: string }>({ model: "member", where }))?.id;
    const promotion = { organizationId: orgId, memberId, role: "admin" };
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 1 });
    expect((await world.call("/organization/update-member-role", owner, promotion)).status).toBe(200);
    const another = await world.signUp({ kind: "service" });
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 2 });
    const invitationId = await world.invited(orgId, owner, another.email);
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 0 });
    const accepted = await world.call("/organization/accept-invitation", another, { invitationId });
    expect(accepted.status).toBe(200);
  });

  test("without countPending invitations hold nothing, and only members count", async () => {
    const world = await createWorld(open, { seats: { countPending: false } });
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const people = [await world.signUp(), await world.signUp()];
    const ids = await Promise.all(people.map(({ email }) => world.invited(orgId, owner, email)));
    expect(await world.entitlements.check({ orgId, resourceType: seat })).toMatchObject({ current: 0, reserved: 0 });
    const accept = people.map((person, index) =>
      world.call("/organization/accept-invitation", person, { invitationId: ids[index] }),
    );
    expect((await Promise.all(accept)).map(({ status }) => status).toSorted()).toEqual([200, 402]);
  });

  test("an organisation of 150 members works, and shows them all", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const { adapter } = await world.auth.$context;
    for (let index = 0; index < 149; index++) {
      const userId = `user-${index}`;
      const user = { id: userId, name: "P", email: `${userId}@example.com`, emailVerified: true };
      const now = { createdAt: new Date(), updatedAt: new Date() };
      await adapter.create({ model: "user", data: { ...user, ...now }, forceAllowId: true });
      const member = { organizationId: orgId, userId, role: "member", createdAt: new Date() };
      await adapter.create({ model: "member", data: member });
    }
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 150 });
    const person = await world.signUp();
    const id = await world.invited(orgId, owner, person.email);
    expect((await world.call("/organization/accept-invitation", person, { invitationId: id })).status).toBe(200);
    await expect(world.join(orgId)).rejects.toMatchObject({ statusCode: 402, body: { current: 150, limit: 150 } });
    const listed = await world.call(`/organization/list-members?organizationId=${orgId}`, owner);
    expect(await listed.json()).toMatchObject({ total: 151, members: { length: 151 } });
    const { entitlements, seats } = world;
    expect(await seatTotal(entitlements, { seats, orgId })).toEqual({ limit: null, current: 151 });
    await entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 3 });
    expect(await seatTotal(entitlements, { seats, orgId })).toEqual({ limit: 153, current: 151 });
  });
});

test.each(eachDatabase)("users left out by their ids take no seat (%s)", async (_name, open) => {
  const world = await createWorld(open, { seats: { excludeUsers: ["it's a robot", "another"] } });
  const { orgId } = await world.found();
  await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
  const { adapter } = await world.auth.$context;
  const robot = { id: "it's a robot", name: "R", email: "robot@example.com", emailVerified: true };
  const now = { createdAt: new Date(), updatedAt: new Date() };
  await adapter.create({ model: "user", data: { ...robot, ...now }, forceAllowId: true });
  await world.join(orgId);
  await world.auth.api.addMember({ body: { organizationId: orgId, userId: robot.id, role: "member" } });
  expect(await world.entitlements.check({ orgId, resourceType: seat })).toMatchObject({ current: 1 });
  await expect(world.join(orgId)).rejects.toMatchObject({ statusCode: 402 });
});

describe("what may be stored on SQLite", () => {
  const pending = async (world: World, orgId: string) =>
    (await world.entitlements.check({ orgId, resourceType: seat })).pending;

  test("a moment as a text, as milliseconds or as seconds", async () => {
    const world = await createWorld(kyselyOnSqlite);
    const { orgId, owner } = await world.found();
    await world.invited(orgId, owner, "new@example.com");
    for (const [inSeconds, counts] of [
      [60, 1],
      [-60, 0],
    ] as const) {
      const moment = Date.now() + inSeconds * 1_000;
      for (const stored of [`'${new Date(moment).toISOString()}'`, `${moment}`, `${Math.floor(moment / 1_000)}`]) {
        await world.database.run(`update invitation set "expiresAt" = ${stored}`);
        expect([stored, await pending(world, orgId)]).toEqual([stored, counts]);
      }
    }
  });

  test("an address in capitals is the same address", async () => {
    const world = await createWorld(kyselyOnSqlite);
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const person = await world.signUp();
    const invitationId = await world.invited(orgId, owner, person.email);
    await world.database.run("update invitation set email = upper(email)");
    expect((await world.call("/organization/accept-invitation", person, { invitationId })).status).toBe(200);
  });
});
