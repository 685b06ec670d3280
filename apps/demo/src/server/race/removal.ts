import type { Connection } from "../database/tables.ts";
import type { Log } from "../log.ts";
import { domainOf, RUN_MS, type ScratchOptions } from "./scratch.ts";

/** Takes a run away with everything that it made. Idempotent. */
export function removeScratch({ transaction, entitlements }: ScratchOptions, id: string): Promise<void> {
  return transaction(async (tx) => {
    await tx.deleteFrom("invitation").where("organizationId", "=", id).execute();
    await tx.deleteFrom("member").where("organizationId", "=", id).execute();
    await tx.deleteFrom("project").where("org_id", "=", id).execute();
    await tx.deleteFrom("api_key").where("org_id", "=", id).execute();
    await tx.deleteFrom("organization").where("id", "=", id).execute();
    // Their sessions go with them.
    await tx
      .deleteFrom("user")
      .where("email", "like", `%@${domainOf(id)}`)
      .execute();
    await entitlements.forget({ orgId: id, tx });
    await tx.deleteFrom("race_run").where("id", "=", id).execute();
  });
}

/** Takes away the runs that should have ended: whoever made them has crashed, or could not take them away. */
export async function removeEndedScratch(options: ScratchOptions, connection: Connection): Promise<void> {
  const ended = connection.selectFrom("race_run").select("id").where("ends_by", "<", new Date().toISOString());
  for (const { id } of await ended.execute()) await removeScratch(options, id);
}

/** Does so now and every half minute, until the function that it resolves to is called. */
export async function startRemoving(options: ScratchOptions & { readonly connection: Connection; readonly log: Log }) {
  const { connection, log } = options;
  await removeEndedScratch(options, connection);
  let removing = Promise.resolve();
  const timer = setInterval(() => {
    removing = removeEndedScratch(options, connection).catch((error) =>
      log("error", "race.not_removed", { error: String(error) }),
    );
  }, RUN_MS);
  return () => {
    clearInterval(timer);
    return removing;
  };
}
