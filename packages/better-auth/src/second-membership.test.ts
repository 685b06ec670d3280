import { describe, expect, test } from "vitest";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld, json } from "./fixtures/world.ts";

const already = "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION";

describe.each(eachDatabase)("%s", (_name, open) => {
  // Fails without the second look: two members, since nobody holds the seat any more when the second takes it.
  test("somebody who was added while another request had looked already is not added twice", async () => {
    let written = () => {};
    const first = new Promise<void>((resolve) => {
      written = resolve;
    });
    let asked = 0;
    const hooks = {
      // The founder, then the one who is added, then the other request, which waits here until that is written.
      beforeAddMember: async () => {
        asked += 1;
        if (asked === 3) await first;
      },
      afterAddMember: async ({ member }: { member: { role: string } }) => {
        if (member.role === "member") written();
      },
    };
    const world = await createWorld(open, { hooks: { hooks } });
    const { orgId } = await world.found();
    const { id } = await world.signUp();
    const add = () => world.auth.api.addMember({ body: { organizationId: orgId, userId: id, role: "member" } });
    const results = await Promise.allSettled([add(), add()]);
    expect(results).toContainEqual(expect.objectContaining({ status: "fulfilled" }));
    expect(results).toContainEqual({
      status: "rejected",
      reason: expect.objectContaining({ body: expect.objectContaining({ code: already }) }),
    });
    expect(await world.rows("member", orgId, { userId: id })).toBe(1);
    // What was held for the second is given back.
    expect(await world.entitlements.check({ orgId, resourceType: "seat:member" })).toMatchObject({
      current: 1,
      reserved: 0,
    });
  });

  // Fails without it: better-auth does not look at all when an invitation is accepted.
  test("somebody who is a member by now cannot accept an invitation into a second membership", async () => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const person = await world.signUp();
    const invitationId = await world.invited(orgId, owner, person.email);
    await world.auth.api.addMember({ body: { organizationId: orgId, userId: person.id, role: "member" } });
    const answer = await world.call("/organization/accept-invitation", person, { invitationId });
    expect([answer.status, (await json(answer))["code"]]).toEqual([400, already]);
    expect(await world.rows("member", orgId, { userId: person.id })).toBe(1);
  });
});
