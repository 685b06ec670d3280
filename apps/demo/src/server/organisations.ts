import { z } from "zod";
import type { Connection } from "./database.ts";

export interface Organisation {
  readonly id: string;
  readonly name: string;
}

const organisationRow = z.object({ id: z.string(), name: z.string() });

export function findOrganisation(connection: Connection, id: string): Organisation | null {
  const row = connection.prepare("select id, name from organisation where id = ?").get(id);
  return row === undefined ? null : organisationRow.parse(row);
}
