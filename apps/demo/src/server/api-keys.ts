import { randomBytes, randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Connection, Tables } from "./database/tables.ts";

/** An API key as the list shows it: nothing of it is kept but how it begins. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
}

const COLUMNS = ["id", "name", "prefix", "created_at"] as const;

function apiKeyOf({ created_at, ...row }: Pick<Selectable<Tables["api_key"]>, (typeof COLUMNS)[number]>): ApiKey {
  return { ...row, createdAt: created_at };
}

/** Every key of the organisation, newest first. */
export async function listApiKeys(tx: Connection, orgId: string): Promise<readonly ApiKey[]> {
  const ofOrganisation = tx.selectFrom("api_key").select(COLUMNS).where("org_id", "=", orgId);
  const rows = await ofOrganisation.orderBy("created_at", "desc").orderBy("id", "desc").execute();
  return rows.map(apiKeyOf);
}

/** A new key, whose text is known to nobody later. */
export async function insertApiKey(
  tx: Connection,
  orgId: string,
  { name }: Pick<ApiKey, "name">,
): Promise<ApiKey & { readonly key: string }> {
  const key = `demo_${randomBytes(12).toString("hex")}`;
  const row = { id: randomUUID(), org_id: orgId, name, prefix: key.slice(0, 9), created_at: new Date().toISOString() };
  const made = await tx.insertInto("api_key").values(row).returning(COLUMNS).executeTakeFirstOrThrow();
  return { ...apiKeyOf(made), key };
}

/** Whether the organisation had that key. */
export async function deleteApiKey(tx: Connection, orgId: string, id: string): Promise<boolean> {
  const deleted = tx.deleteFrom("api_key").where("id", "=", id).where("org_id", "=", orgId);
  return (await deleted.returning("id").executeTakeFirst()) !== undefined;
}

export async function deleteApiKeys(tx: Connection, orgId: string): Promise<void> {
  await tx.deleteFrom("api_key").where("org_id", "=", orgId).execute();
}
