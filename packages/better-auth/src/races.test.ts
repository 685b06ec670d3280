import { describe, expect, test } from "vitest";
import type { OrganizationHooks } from "./doors.ts";
import { drizzleOnPostgres, kyselyOnPostgres, kyselyOnSqlite } from "./fixtures/databases.ts";
import { createWorld, statuses, type World } from "./fixtures/world.ts";

const databases = { kyselyOnSqlite, kyselyOnPostgres, drizzleOnPostgres };

interface Race {
  readonly name: string;
  run(world: World): Promise<number>;
  /** What it comes to, and what better-auth makes of it without the hooks. */
  readonly exact: number;
  readonly unhooked: number;
  /** The host's own hooks. */
  readonly hooks?: () => OrganizationHooks;
}

// What happens without the hooks is seen as well: each of these fails when they are taken out.
const races: readonly Race[] = [
  {
    name: "cap 2, 5 promotions at once: 2 admins",
    run: async ({ entitlements, found, join, call, rows }) => {
      const { orgId, owner } = await found();
      const members = await Promise.all(Array.from({ length: 5 }, () => join(orgId)));
      await entitlements.setLimit({ orgId, resourceType: "seat:admin", limit: 2 });
      const promote = ({ memberId }: { memberId: string }) =>
        call("/organization/update-member-role", owner, { organizationId: orgId, memberId, role: "admin" });
      await statuses(members.map(promote));
      return (await rows("member", orgId, { role: "admin" })) + (await rows("member", orgId, { role: "owner" }));
    },
    exact: 2,
    unhooked: 6,
  },
  {
    name: "one free seat, 5 accepts at once: 1 joins",
    run: async ({ entitlements, found, signUp, invited, call, rows }) => {
      const { orgId, owner } = await found();
      const people = await Promise.all(Array.from({ length: 5 }, () => signUp()));
      const ids = await Promise.all(people.map(({ email }) => invited(orgId, owner, email)));
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
      const accept = (person: (typeof people)[number], index: number) =>
        call("/organization/accept-invitation", person, { invitationId: ids[index] });
      await statuses(people.map(accept));
      return rows("member", orgId, { role: "member" });
    },
    exact: 1,
    unhooked: 5,
  },
  {
    name: "one free seat, 5 invitations at once: 1 issued",
    run: async ({ entitlements, found, invite, rows }) => {
      const { orgId, owner } = await found();
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
      await statuses(Array.from({ length: 5 }, (_, index) => invite(orgId, owner, `new${index}@example.com`)));
      return rows("invitation", orgId, { status: "pending" });
    },
    exact: 1,
    unhooked: 5,
  },
  {
    name: "20 adds over 5 free seats: exactly 5",
    run: async ({ auth, entitlements, found, signUp, rows }) => {
      const { orgId } = await found();
      const people = await Promise.all(Array.from({ length: 20 }, () => signUp()));
      await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 5 });
      const add = ({ id }: { id: string }) =>
        auth.api.addMember({ body: { organizationId: orgId, userId: id, role: ["member"] } });
      await Promise.allSettled(people.map(add));
      return rows("member", orgId, { role: "member" });
    },
    exact: 5,
    unhooked: 20,
  },
  {
    // better-auth takes the invitation itself by its status, so that one of the three wins without hooks as well.
    name: "one invitation accepted 3 times at once: 1 member",
    run: async ({ found, signUp, invited, call, rows }) => {
      const { orgId, owner } = await found();
      const person = await signUp();
      const invitationId = await invited(orgId, owner, person.email);
      await statuses([1, 2, 3].map(() => call("/organization/accept-invitation", person, { invitationId })));
      return rows("member", orgId, { userId: person.id });
    },
    exact: 1,
    unhooked: 1,
  },
  {
    name: "3 invitations of one person accepted at once: 1 member",
    run: async ({ auth, found, signUp, invited, call, rows }) => {
      const { orgId, owner } = await found();
      const person = await signUp();
      const ids = [await invited(orgId, owner, person.email)];
      const { adapter } = await auth.$context;
      const invitation = { organizationId: orgId, email: person.email, role: "member", status: "pending" };
      const expiresAt = new Date(Date.now() + 60_000);
      for (let more = 0; more < 2; more++) {
        const data = { ...invitation, expiresAt, inviterId: owner.id, createdAt: new Date() };
        ids.push((await adapter.create<{ id: string }>({ model: "invitation", data })).id);
      }
      await statuses(ids.map((invitationId) => call("/organization/accept-invitation", person, { invitationId })));
      return rows("member", orgId, { userId: person.id });
    },
    exact: 1,
    unhooked: 3,
  },
  {
    name: "one address invited 3 times at once: 1 invitation",
    run: async ({ found, invite, rows }) => {
      const { orgId, owner } = await found();
      await statuses([1, 2, 3].map(() => invite(orgId, owner, "new@example.com")));
      return rows("invitation", orgId, { email: "new@example.com" });
    },
    exact: 1,
    unhooked: 3,
    // One after the other, though all have looked before the first is written: nobody holds the seat when the next takes it.
    hooks: () => ({ beforeCreateInvitation: staggered(3, 150) }),
  },
  {
    name: "one person added 3 times at once: 1 member",
    run: async ({ auth, found, signUp, rows }) => {
      const { orgId } = await found();
      const { id } = await signUp();
      const add = () => auth.api.addMember({ body: { organizationId: orgId, userId: id, role: ["member"] } });
      await Promise.allSettled([add(), add(), add()]);
      return rows("member", orgId, { userId: id });
    },
    exact: 1,
    unhooked: 3,
    // better-auth looks whether somebody is a member before the hook: here all three have looked when the first goes on.
    hooks: () => ({ beforeAddMember: barrier(3) }),
  },
];

/** Once so many callers have come, lets them go on one after the other. */
function staggered(callers: number, apartMs: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < callers) return;
      for (const [index, go] of waiting.entries()) setTimeout(go, apartMs * index);
    });
}

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
  test.each(races)("$name", async ({ run, exact, unhooked, hooks = () => ({}) }) => {
    expect(await run(await createWorld(open, { hooks: { hooks: hooks() } }))).toBe(exact);
    expect(await run(await createWorld(open, { hooked: false, hooks: { hooks: hooks() } }))).toBe(unhooked);
  });
});
