import type { Hold, Replay } from "@x/entitlements-core/adapter";
import { StorageError } from "@x/entitlements-core/errors";
import { isResourceType } from "@x/entitlements-core/wire";
import type { PostgresRow } from "../bridge.ts";
import { literal, textArray } from "./literal.ts";
import type { Names } from "./names.ts";
import { dateOf, numberOf, text } from "./values.ts";

/** Which hold is meant. */
export type HoldName = { readonly id: string } | { readonly key: string };

/** The statements on holds and kept results. Each names the organisation. */
export function reservationSql({ reservation, idempotency }: Names) {
  const named = (orgId: string, by: HoldName): string =>
    `org_id = ${literal(orgId)} and ${"id" in by ? `id = ${literal(by.id)}` : `key = ${literal(by.key)}`}`;

  return {
    find: (orgId: string, by: HoldName, now: Date): string =>
      `select id, resource_type, amount, counts_as, key, to_json(covers)::text as covers,
      extract(epoch from expires_at) as expires_s from ${reservation}
      where ${named(orgId, by)} and expires_at > ${literal(now)}`,

    /** Keeps the hold as it is until the transaction ends: one of the types whose lock is held. Whose key is used anew meanwhile waits. */
    keep: (orgId: string, by: HoldName, types: readonly string[], now: Date): string =>
      `select 1 as kept from ${reservation} where ${named(orgId, by)} and expires_at > ${literal(now)}
      and resource_type in (${types.map(literal).join(", ")}) for update`,

    /**
     * Deletes what has expired first: of its own resource type, which nobody else may be about to confirm, and what has its key.
     */
    hold: (orgId: string, hold: Hold, now: Date): readonly string[] => [
      `delete from ${reservation} where org_id = ${literal(orgId)} and expires_at <= ${literal(now)}
      and (resource_type = ${literal(hold.resourceType)} or key = ${literal(hold.key)})`,
      `insert into ${reservation} (org_id, id, resource_type, amount, counts_as, key, covers, expires_at, created_at)
      values (${literal(orgId)}, ${literal(hold.id)}, ${literal(hold.resourceType)}, ${literal(hold.amount)}, ${literal(hold.countsAs)},
      ${literal(hold.key)}, ${textArray(hold.covers)}, ${literal(new Date(hold.expiresAt))}, ${literal(now)})`,
    ],

    end: (orgId: string, id: string): string =>
      `delete from ${reservation} where org_id = ${literal(orgId)} and id = ${literal(id)}`,

    recall: (orgId: string, key: string, now: Date): string =>
      `select fingerprint, result, extract(epoch from expires_at) as expires_s from ${idempotency}
      where org_id = ${literal(orgId)} and key = ${literal(key)} and expires_at > ${literal(now)}`,

    /** Deletes what has expired first: what was kept under the lock of the same resource type, and what has the same key. */
    remember: (
      { orgId, resourceType }: { readonly orgId: string; readonly resourceType: string },
      { key, fingerprint, result, expiresAt }: Replay,
      now: Date,
    ): readonly string[] => [
      `delete from ${idempotency} where org_id = ${literal(orgId)} and expires_at <= ${literal(now)}
      and (resource_type = ${literal(resourceType)} or key = ${literal(key)})`,
      `insert into ${idempotency} (org_id, key, resource_type, fingerprint, result, expires_at, created_at)
      values (${literal(orgId)}, ${literal(key)}, ${literal(resourceType)}, ${literal(fingerprint)}, ${literal(result)}, ${literal(new Date(expiresAt))}, ${literal(now)})`,
    ],

    erase: (orgId: string): readonly string[] => [
      `delete from ${reservation} where org_id = ${literal(orgId)}`,
      `delete from ${idempotency} where org_id = ${literal(orgId)}`,
    ],
  };
}

export function holdIn(row: PostgresRow): Hold {
  const resourceType = row["resource_type"];
  const covers: unknown = JSON.parse(String(row["covers"]));
  if (!isResourceType(resourceType) || !Array.isArray(covers))
    throw new StorageError("A stored reservation cannot be read. Restore its row from a backup, or delete it.", {
      outcome: "rolled-back",
    });
  return {
    id: String(row["id"]),
    resourceType,
    amount: numberOf(row["amount"]),
    countsAs: numberOf(row["counts_as"]),
    key: text(row["key"]),
    covers: covers.map(String),
    expiresAt: dateIn(row),
  };
}

export function replayIn(row: PostgresRow, key: string): Replay {
  return { key, fingerprint: String(row["fingerprint"]), result: text(row["result"]), expiresAt: dateIn(row) };
}

function dateIn(row: PostgresRow): string {
  return dateOf(row["expires_s"]).toISOString();
}
