import { describe, expect, test } from "vitest";
import { drizzleOnPostgres, kyselyOnPostgres, kyselyOnSqlite } from "./fixtures/databases.ts";
import { createWorld, statuses, type World } from "./fixtures/world.ts";
import type { OrganizationHooks } from "./hooks.ts";

const databases = { kyselyOnSqlite, kyselyOnPostgres, drizzleOnPostgres };

/** The race as it is, and what better-auth makes of it without the hooks. */
type Race = readonly [
  name: string,
  run: (world: World) => Promise<number>,
  exact: number,
  unhooked: number,
  hooks?: () => OrganizationHooks,
];

// What happens without the hooks is seen as well: each of these fails when they are taken out.
const races: readonly Race[] = [
  [
    "cap 2, 5 promotions at once: 2 admins",
    async ({ entitlements, found, join, call, rows }) => {
      const { orgId, owner } = await found();
      const members = await Promise.all(Array.from({ length: 5 }, () => join(orgId)));
      await entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 2 });
      const promote = ({ memberId }: { memberId: string }) =>
        call("/organization/update-member-role", owner, { organizationId: orgId, memberId, role: "admin" });
      await statuses(members.map(promote));
      return (await rows("member", orgId, { role: "admin" })) + (await rows("member", orgId, { role: "owner" }));
    },
    2,
    6,
  ],
  [
    "one free seat, 5 accepts at once: 1 joins",
    async ({ entitlements, found, signUp, invited, call, rows }) => {
      const { orgId, owner } = await found();
      const people = await Promise.all(Array.from({ length: 5 }, () => signUp()));
      const ids = await Promise.all(people.map(({ email }) => invited(orgId, owner, email)));
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
      const accept = (person: (typeof people)[number], index: number) =>
        call("/organization/accept-invitation", person, { invitationId: ids[index] });
      await statuses(people.map(accept));
      return rows("member", orgId, { role: "member" });
    },
    1,
    5,
  ],
  [
    "one free seat, 5 invitations at once: 1 issued",
    async ({ entitlements, found, invite, rows }) => {
      const { orgId, owner } = await found();
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
      await statuses(Array.from({ length: 5 }, (_, index) => invite(orgId, owner, `new${index}@example.com`)));
      return rows("invitation", orgId, { status: "pending" });
    },
    1,
    5,
  ],
  [
    "20 adds over 5 free seats: exactly 5",
    async ({ auth, entitlements, found, signUp, rows }) => {
      const { orgId } = await found();
      const people = await Promise.all(Array.from({ length: 20 }, () => signUp()));
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 5 });
      const add = ({ id }: { id: string }) =>
        auth.api.addMember({ body: { organizationId: orgId, userId: id, role: ["member"] } });
      await Promise.allSettled(people.map(add));
      return rows("member", orgId, { role: "member" });
    },
    5,
    20,
  ],
  [
    // better-auth takes the invitation itself by its status, so that one of the three wins without hooks as well.
    "one invitation accepted 3 times at once: 1 member",
    async ({ found, signUp, invited, call, rows }) => {
      const { orgId, owner } = await found();
      const person = await signUp();
      const invitationId = await invited(orgId, owner, person.email);
      await statuses([1, 2, 3].map(() => call("/organization/accept-invitation", person, { invitationId })));
      return rows("member", orgId, { userId: person.id });
    },
    1,
    1,
  ],
  [
    "one person added 3 times at once: 1 member",
    async ({ auth, found, signUp, rows }) => {
      const { orgId } = await found();
      const { id } = await signUp();
      const add = () => auth.api.addMember({ body: { organizationId: orgId, userId: id, role: ["member"] } });
      await Promise.allSettled([add(), add(), add()]);
      return rows("member", orgId, { userId: id });
    },
    1,
    3,
    // better-auth looks whether somebody is a member before the hook: here all three have looked when the first goes on.
    () => ({ beforeAddMember: barrier(3) }),
  ],
];

/** Lets callers go on once so many have come; those who come before them, as founders do, are let through. */
function barrier(callers: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      // The founder comes alone.
      if (waiting.length === 1 || waiting.length === callers + 1) for (const go of waiting) go();
    });
}

describe.each(Object.entries(databases))("%s", (_name, open) => {
  test.each(races)("%s", async (_race, run, exact, unhooked, hooks = () => ({})) => {
    expect(await run(await createWorld(open, { hooks: { hooks: hooks() } }))).toBe(exact);
    expect(await run(await createWorld(open, { hooked: false, hooks: { hooks: hooks() } }))).toBe(unhooked);
  });
});
