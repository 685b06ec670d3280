import { parseProblem } from "@x/entitlements-core/http";
import { describe, expect, test } from "vitest";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld, json, type Person, type World } from "./fixtures/world.ts";

const seat = "seat:member" as const;

async function current({ entitlements }: World, orgId: string): Promise<readonly number[]> {
  const { current, reserved } = await entitlements.check({ orgId, resourceType: seat });
  return [current, reserved];
}

function accept({ call }: World, person: Person, invitationId: string): Promise<Response> {
  return call("/organization/accept-invitation", person, { invitationId });
}

/** An answer of a full organisation, whichever door it came through. */
async function expectFull(response: Response, limit: number, resourceType: string = seat): Promise<void> {
  expect(response.status).toBe(402);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  const body = await json(response);
  expect(parseProblem(body)).toEqual(body);
  expect(body).toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", resourceType, limit, requested: 1 });
}

describe.each(eachDatabase)("%s", (_name, open) => {
  test("an open invitation holds a seat until it is cancelled or rejected", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const person = await world.signUp();
    const first = await world.invited(orgId, owner, person.email);
    expect(await current(world, orgId)).toEqual([1, 1]);
    await expectFull(await world.invite(orgId, owner, "new@example.com"), 1);

    expect((await world.call("/organization/cancel-invitation", owner, { invitationId: first })).status).toBe(200);
    expect(await current(world, orgId)).toEqual([0, 0]);
    const second = await world.invited(orgId, owner, person.email);
    expect((await world.call("/organization/reject-invitation", person, { invitationId: second })).status).toBe(200);
    expect((await world.invite(orgId, owner, "new@example.com")).status).toBe(200);
  });

  test("an invitation that has expired holds nothing, whatever the time zone of the session", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const id = await world.invited(orgId, owner, "late@example.com");
    const { adapter } = await world.auth.$context;
    const expire = (inMinutes: number) =>
      adapter.update({
        model: "invitation",
        where: [{ field: "id", value: id }],
        update: { expiresAt: new Date(Date.now() + inMinutes * 60_000) },
      });
    // Los Angeles is hours behind.
    await expire(5);
    await expectFull(await world.invite(orgId, owner, "new@example.com"), 1);
    await expire(-5);
    expect((await world.invite(orgId, owner, "new@example.com")).status).toBe(200);
  });

  test("accepting works at exactly full, and takes the seat that was held", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const person = await world.signUp();
    const id = await world.invited(orgId, owner, person.email);
    expect((await accept(world, person, id)).status).toBe(200);
    expect(await current(world, orgId)).toEqual([1, 0]);
  });

  test("once the limit was lowered, invitations are accepted while one more member fits, and then refused", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const people = await Promise.all([world.signUp(), world.signUp(), world.signUp()]);
    const ids = await Promise.all(people.map(({ email }) => world.invited(orgId, owner, email)));
    await world.join(orgId);
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 2 });
    const [first, second] = people;
    if (first === undefined || second === undefined) throw new Error("three were made");
    expect((await accept(world, first, ids[0] ?? "")).status).toBe(200);
    await expectFull(await accept(world, second, ids[1] ?? ""), 2);
    expect(await world.rows("invitation", orgId, { status: "pending" })).toBe(2);
    expect(await world.rows("member", orgId, { role: "member" })).toBe(2);
  });

  test("adding is refused at full; removing, leaving and deleting free the seat", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 2 });
    const [one, two] = [await world.join(orgId), await world.join(orgId)];
    await expect(world.join(orgId)).rejects.toMatchObject({
      statusCode: 402,
      body: { code: "ENTITLEMENT_LIMIT_REACHED", resourceType: seat, current: 2, limit: 2 },
    });
    expect(await world.rows("member", orgId)).toBe(3);
    const removal = { organizationId: orgId, memberIdOrEmail: one.email };
    expect((await world.call("/organization/remove-member", owner, removal)).status).toBe(200);
    expect((await world.call("/organization/leave", two, { organizationId: orgId })).status).toBe(200);
    expect(await current(world, orgId)).toEqual([0, 0]);
    await world.join(orgId);
    expect((await world.call("/organization/delete", owner, { organizationId: orgId })).status).toBe(200);
    expect(await current(world, orgId)).toEqual([0, 0]);
  });

  test("sending an invitation again is free, and so is replacing it, also at full", async () => {
    const world = await createWorld(open, { plugin: { cancelPendingInvitationsOnReInvite: true } });
    const { orgId, owner } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    await world.invited(orgId, owner, "new@example.com");
    const again = { organizationId: orgId, email: "new@example.com", role: "member" };
    expect((await world.call("/organization/invite-member", owner, { ...again, resend: true })).status).toBe(200);
    expect((await world.call("/organization/invite-member", owner, again)).status).toBe(200);
    expect(await current(world, orgId)).toEqual([1, 1]);
  });

  test("whoever creates an organisation needs a seat in it, before it is written", async () => {
    const orgId = "org-of-the-hosts-choice";
    const hooks = { beforeCreateOrganization: async () => ({ data: { id: orgId, name: "Acme", slug: "acme" } }) };
    const world = await createWorld(open, { hooks: { hooks } });
    const owner = await world.signUp();
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 0 });
    const create = () => world.call("/organization/create", owner, { name: "Acme", slug: "acme" });
    await expectFull(await create(), 0, "seat:admin");
    const { adapter } = await world.auth.$context;
    expect(await adapter.count({ model: "organization" })).toBe(0);
    await world.entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 1 });
    expect((await create()).status).toBe(200);
    expect(await world.rows("member", orgId)).toBe(1);
  });
});
