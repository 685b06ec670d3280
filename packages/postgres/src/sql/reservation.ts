import type { Hold, Replay } from "@x/entitlements-core/adapter";
import { StorageError } from "@x/entitlements-core/errors";
import { isResourceType } from "@x/entitlements-core/wire";
import type { PostgresRow } from "../bridge.ts";
import { dateOf, text } from "../session.ts";
import { literal, textArray } from "./literal.ts";
import type { Names } from "./names.ts";

/** The statements on holds and kept results. Each names the organisation. */
export function reservationSql({ reservation, idempotency }: Names) {
  return {
    find: (orgId: string, by: { readonly id: string } | { readonly key: string }, now: Date): string =>
      `select id, resource_type, amount, counts_as, key, to_json(covers)::text as covers,
      extract(epoch from expires_at) as expires_s from ${reservation}
      where org_id = ${literal(orgId)} and ${"id" in by ? `id = ${literal(by.id)}` : `key = ${literal(by.key)}`} and expires_at > ${literal(now)}`,

    /** Deletes what has expired first, so that its key is free again. */
    hold: (orgId: string, hold: Hold, now: Date): readonly string[] => [
      `delete from ${reservation} where org_id = ${literal(orgId)} and expires_at <= ${literal(now)}`,
      `insert into ${reservation} (org_id, id, resource_type, amount, counts_as, key, covers, expires_at, created_at)
      values (${literal(orgId)}, ${literal(hold.id)}, ${literal(hold.resourceType)}, ${literal(hold.amount)}, ${literal(hold.countsAs)},
      ${literal(hold.key)}, ${textArray(hold.covers)}, ${literal(new Date(hold.expiresAt))}, ${literal(now)})`,
    ],

    end: (orgId: string, id: string): string =>
      `delete from ${reservation} where org_id = ${literal(orgId)} and id = ${literal(id)}`,

    recall: (orgId: string, key: string, now: Date): string =>
      `select fingerprint, result, extract(epoch from expires_at) as expires_s from ${idempotency}
      where org_id = ${literal(orgId)} and key = ${literal(key)} and expires_at > ${literal(now)}`,

    /** Deletes what has expired first: the same key may be among it. */
    remember: (orgId: string, { key, fingerprint, result, expiresAt }: Replay, now: Date): readonly string[] => [
      `delete from ${idempotency} where org_id = ${literal(orgId)} and expires_at <= ${literal(now)}`,
      `insert into ${idempotency} (org_id, key, fingerprint, result, expires_at, created_at)
      values (${literal(orgId)}, ${literal(key)}, ${literal(fingerprint)}, ${literal(result)}, ${literal(new Date(expiresAt))}, ${literal(now)})`,
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
    amount: Number(row["amount"]),
    countsAs: Number(row["counts_as"]),
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
