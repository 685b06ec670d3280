import type { Connection } from "./database/tables.ts";

export interface Organisation {
  readonly id: string;
  readonly name: string;
}

export async function findOrganisation(connection: Connection, id: string): Promise<Organisation | null> {
  // PostgreSQL has no text with this character and would fail instead of finding nothing.
  if (id.includes("\0")) return null;
  const organisations = connection.selectFrom("organisation").select(["id", "name"]);
  return (await organisations.where("id", "=", id).executeTakeFirst()) ?? null;
}
