import fc from "fast-check";
import { expect, test } from "vitest";
import { kyselyOnPostgres } from "./fixtures/databases.ts";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld } from "./fixtures/world.ts";
import { previewInvitation } from "./invitation-preview.ts";

test.each(eachDatabase)(
  "an invitation's page learns whether it is valid and finds a seat, and no numbers (%s)",
  async (_name, open) => {
    const world = await createWorld(open);
    const { orgId, owner } = await world.found();
    const { auth, entitlements, seats } = world;
    const preview = (invitationId: string) => previewInvitation(entitlements, { auth, seats, invitationId });
    const [ann, bob] = [await world.signUp(), await world.signUp()];
    const [annsId, bobsId] = [
      await world.invited(orgId, owner, ann.email),
      await world.invited(orgId, owner, bob.email),
    ];
    expect(await preview(annsId)).toEqual({ valid: true, seatAvailable: true });

    // One more fits: whoever accepts first.
    await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 1 });
    expect(await preview(annsId)).toEqual({ valid: true, seatAvailable: true });
    expect(await preview(bobsId)).toEqual({ valid: true, seatAvailable: true });
    expect((await world.call("/organization/accept-invitation", ann, { invitationId: annsId })).status).toBe(200);
    expect(await preview(bobsId)).toEqual({ valid: true, seatAvailable: false });
    expect((await world.call("/organization/accept-invitation", bob, { invitationId: bobsId })).status).toBe(402);

    expect(await preview(annsId)).toEqual({ valid: false, seatAvailable: false });
    const expired = { update: { expiresAt: new Date(Date.now() - 1_000) }, where: [{ field: "id", value: bobsId }] };
    await (await auth.$context).adapter.update({ model: "invitation", ...expired });
    expect(await preview(bobsId)).toEqual({ valid: false, seatAvailable: false });
    for (const unknown of ["", "nobody", "' or '1'='1", "%", "\0"])
      expect(await preview(unknown)).toEqual({ valid: false, seatAvailable: false });
  },
);

test.each(["uuid", "serial"] as const)("an id of whatever form is no error, where ids are a %s", async (generateId) => {
  const { auth, entitlements, seats } = await createWorld(kyselyOnPostgres, { advanced: { database: { generateId } } });
  const nothing = { valid: false, seatAvailable: false };
  const odd = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.uuid(),
    fc.nat().map(String),
    fc.constantFrom("1e99", "-1", "99999999999999999999"),
  );
  await fc.assert(
    fc.asyncProperty(odd, async (invitationId) => {
      expect(await previewInvitation(entitlements, { auth, seats, invitationId })).toEqual(nothing);
    }),
    { numRuns: 200 },
  );
});

test.each(eachDatabase)("a stored role that is listed nowhere is one of the last bucket (%s)", async (_name, open) => {
  const world = await createWorld(open);
  const { orgId, owner } = await world.found();
  const { auth, entitlements, seats } = world;
  const invitationId = await world.invited(orgId, owner, "new@example.com");
  const { adapter } = await auth.$context;
  const stored = { model: "invitation", where: [{ field: "id", value: invitationId }], update: { role: "stranger" } };
  await adapter.update(stored);
  await entitlements.setLimit({ orgId, resourceType: "seat:member", limit: 0 });
  expect(await previewInvitation(entitlements, { auth, seats, invitationId })).toEqual({
    valid: true,
    seatAvailable: false,
  });
  await adapter.update({ ...stored, update: { role: "stranger,admin" } });
  expect(await previewInvitation(entitlements, { auth, seats, invitationId })).toEqual({
    valid: true,
    seatAvailable: true,
  });
});
