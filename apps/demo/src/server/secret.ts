import { randomBytes } from "node:crypto";
import type { Connection } from "./database/tables.ts";

/** The key that signs cookies where the environment gives none: made once, kept in the database, the same for every server on it. */
export async function keptSecret(tx: Connection): Promise<string> {
  const made = tx.insertInto("demo_setting").values({ name: "secret", value: randomBytes(32).toString("base64url") });
  await made.onConflict((conflict) => conflict.doNothing()).execute();
  const kept = tx.selectFrom("demo_setting").select("value").where("name", "=", "secret");
  return (await kept.executeTakeFirstOrThrow()).value;
}
