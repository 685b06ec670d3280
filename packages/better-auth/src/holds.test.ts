import { setTimeout as sleep } from "node:timers/promises";
import { runWithTransaction } from "@better-auth/core/context";
import { expect, test, vi } from "vitest";
import { kyselyOnPostgres, kyselyOnSqlite } from "./fixtures/databases.ts";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld } from "./fixtures/world.ts";
import { entitlementHooks } from "./hooks.ts";

const seat = "seat:member" as const;

// Fails when the hook only looks whether there is room: then the seat was free all the time.
test.each(eachDatabase)(
  "a crash between the hook and better-auth's write: the seat comes back by itself (%s)",
  async (_name, open) => {
    const world = await createWorld(open, { seats: { holdMs: 1_500 } });
    const { orgId } = await world.found();
    await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 1 });
    const [user, organization] = [
      await world.signUp(),
      { id: orgId, name: "Acme", slug: "acme", createdAt: new Date() },
    ];
    const { organizationHooks } = entitlementHooks(world.entitlements, { seats: world.seats });
    // The hook that better-auth calls, and then nothing more, as when the process ends.
    await organizationHooks.beforeAddMember?.({
      member: { userId: user.id, organizationId: orgId, role: "member" },
      user: { ...user, name: "P", emailVerified: false, createdAt: new Date(), updatedAt: new Date() },
      organization,
    });
    await expect(world.join(orgId)).rejects.toMatchObject({ statusCode: 402 });
    await sleep(1_600);
    await world.join(orgId);
    expect(await world.rows("member", orgId, { role: "member" })).toBe(1);
  },
);

// Fails when the hold is given back at once: before the commit nobody else sees the row.
test("in a transaction of better-auth's own the seat is held until the commit", async () => {
  const world = await createWorld(kyselyOnPostgres);
  const { orgId } = await world.found();
  const { adapter } = await world.auth.$context;
  const reserved = async () => (await world.entitlements.check({ orgId, resourceType: seat })).reserved;
  await runWithTransaction(adapter, async () => {
    await world.join(orgId);
    expect(await reserved()).toBe(1);
  });
  expect(await reserved()).toBe(0);
});

test("on SQLite that transaction has the file's lock, and the hook in it is told in time that it cannot have it", async () => {
  const world = await createWorld(kyselyOnSqlite);
  const { orgId } = await world.found();
  const { adapter } = await world.auth.$context;
  const { id } = await world.signUp();
  const body = { organizationId: orgId, userId: id, role: "member" as const };
  const joining = runWithTransaction(adapter, () => world.auth.api.addMember({ body }));
  await expect(joining).rejects.toMatchObject({ statusCode: 503, body: { code: "ENTITLEMENT_LOCK_TIMEOUT" } });
  expect(await world.rows("member", orgId)).toBe(1);
}, 15_000);

test("a pool of one connection is enough for better-auth and the SDK together", async () => {
  const world = await createWorld(() => kyselyOnPostgres({ max: 1 }));
  const { orgId, owner } = await world.found();
  await world.entitlements.setLimit({ orgId, resourceType: seat, limit: 2 });
  const invitations = Array.from({ length: 5 }, (_, index) => world.invite(orgId, owner, `new${index}@example.com`));
  const answers = await Promise.all(invitations);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 402, 402, 402]);
});

test("a hold that cannot be given back is told, and what better-auth wrote stands", async () => {
  const onError = vi.fn();
  const world = await createWorld(kyselyOnSqlite, { hooks: { onError } });
  const { orgId, owner } = await world.found();
  await world.invited(orgId, owner, "first@example.com");
  await world.database.run(
    "create trigger no_release before delete on org_reservation begin select raise(abort, 'no'); end",
  );
  expect((await world.invite(orgId, owner, "second@example.com")).status).toBe(200);
  expect(onError).toHaveBeenCalledOnce();
  expect(await world.rows("invitation", orgId, { status: "pending" })).toBe(2);
  expect(await world.entitlements.check({ orgId, resourceType: seat })).toMatchObject({ current: 2 });
});

test("two attempts at the same seat: the second is told that one is under way", async () => {
  const world = await createWorld(kyselyOnSqlite);
  const { orgId, owner } = await world.found();
  await world.entitlements.reserve({ orgId, resourceType: seat, key: "e:new@example.com" });
  const answer = await world.invite(orgId, owner, "New@Example.com");
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "ENTITLEMENT_RESERVATION_CONFLICT" }]);
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
});
