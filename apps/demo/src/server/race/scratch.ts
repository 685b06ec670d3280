import { randomBytes, randomUUID } from "node:crypto";
import { makeSignature } from "better-auth/crypto";
import { insertApiKey } from "../api-keys.ts";
import { type AuthOptions, createAuth } from "../auth.ts";
import type { Database } from "../database/database.ts";
import type { DemoEntitlements } from "../entitlements.ts";
import { insertProject } from "../projects.ts";
import { type DoorName, doors } from "./doors.ts";

/** What each scratch organisation may have of what is raced for; one less is taken. */
export const LIMIT = 3;

/** After this whatever is left of a run may be taken away. */
export const RUN_MS = 30_000;

/** An organisation made for one run, and its people. */
export interface Scratch {
  readonly id: string;
  readonly ownerId: string;
  /** The session of its owner. */
  readonly cookie: string;
  readonly clients: readonly ScratchClient[];
}

/** One of those who race. Empty where a door has no need of it. */
export interface ScratchClient {
  readonly name: string;
  readonly email: string;
  readonly userId: string;
  readonly memberId: string;
  readonly invitationId: string;
  readonly cookie: string;
}

export interface ScratchOptions {
  readonly transaction: Database["transaction"];
  readonly entitlements: DemoEntitlements;
  readonly authOptions: Omit<AuthOptions, "connection" | "joins">;
}

/** Makes an organisation with one left of what the door takes; null while another run for the same organisation is under way. */
export function makeScratch(
  { transaction, entitlements, authOptions }: ScratchOptions,
  run: { readonly forOrgId: string; readonly door: DoorName; readonly clients: number },
): Promise<Scratch | null> {
  return transaction(async (tx) => {
    const id = `race-${randomUUID()}`;
    const ends_by = new Date(Date.now() + RUN_MS).toISOString();
    const started = await tx
      .insertInto("race_run")
      .values({ id, org_id: run.forOrgId, ends_by })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (started === undefined) return null;

    const createdAt = new Date();
    await tx
      .insertInto("organization")
      .values({ id, name: "Race", slug: id, createdAt: createdAt.toISOString() })
      .execute();
    const people = await scratchPeople(createAuth({ ...authOptions, connection: tx, joins: true }), id);
    const owner = await people.add("owner");
    await people.join(owner.id, "owner");
    await people.join((await people.add("admin")).id, "admin");
    for (let number = 1; number < LIMIT; number++) {
      await people.join((await people.add(`member-${number}`)).id, "member");
      await insertProject(tx, id, { name: `Project ${number}` });
      await insertApiKey(tx, id, { name: `Key ${number}` });
      await entitlements.consume({ orgId: id, resourceType: "quota:api_key", tx });
    }

    const clients: ScratchClient[] = [];
    for (let number = 1; number <= run.clients; number++) {
      const client = { name: `Client ${number}`, email: people.emailOf(`client-${number}`) };
      const none = { userId: "", memberId: "", invitationId: "", cookie: "" };
      clients.push({ ...none, ...client, ...(await prepared(run.door, `client-${number}`)) });
    }
    const { resourceType } = doors[run.door];
    await entitlements.setLimit({ orgId: id, resourceType, limit: LIMIT, reason: "race", tx });
    return { id, ownerId: owner.id, cookie: owner.cookie, clients };

    async function prepared(door: DoorName, name: string): Promise<Partial<ScratchClient>> {
      if (door !== "accept" && door !== "promote") return {};
      const { id: userId, cookie } = await people.add(name);
      if (door === "promote") return { userId, cookie, memberId: await people.join(userId, "member") };
      return { userId, cookie, invitationId: await people.invite(name, owner.id) };
    }
  });
}

/** Makes people who can sign in nowhere: they have a session, and no password. */
async function scratchPeople({ $context }: ReturnType<typeof createAuth>, orgId: string) {
  const { adapter, authCookies, secret } = await $context;
  const now = new Date();
  const later = new Date(now.getTime() + RUN_MS);
  const made = { createdAt: now, updatedAt: now };
  const emailOf = (name: string) => `${name}@${domainOf(orgId)}`;
  const create = (model: string, data: object) => adapter.create<{ id: string }>({ model, data: { ...data } });
  return {
    emailOf,
    async add(name: string) {
      const { id } = await create("user", { name, email: emailOf(name), emailVerified: true, ...made });
      const token = randomBytes(24).toString("base64url");
      await create("session", { userId: id, token, expiresAt: later, ...made });
      const signed = encodeURIComponent(`${token}.${await makeSignature(token, secret)}`);
      return { id, cookie: `${authCookies.sessionToken.name}=${signed}` };
    },
    async join(userId: string, role: string) {
      return (await create("member", { organizationId: orgId, userId, role, createdAt: now })).id;
    },
    async invite(name: string, inviterId: string) {
      const invitation = { organizationId: orgId, email: emailOf(name), role: "member", status: "pending", inviterId };
      return (await create("invitation", { ...invitation, expiresAt: later, createdAt: now })).id;
    },
  };
}

/** Nobody else has an address there. */
export function domainOf(orgId: string): string {
  return `${orgId}.invalid`;
}
