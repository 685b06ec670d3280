import type { Hold, Replay } from "@x/entitlements-core/adapter";
import { StorageError } from "@x/entitlements-core/errors";
import { isResourceType } from "@x/entitlements-core/wire";
import type { SqliteRow } from "../bridge.ts";
import { integer, type Session, text } from "../session.ts";
import type { Names } from "./names.ts";

/** The statements on holds and kept results. Each names the organisation; `now` is ISO-8601. */
export function reservationSql({ reservation, idempotency }: Names) {
  const sql = {
    find: (
      by: "id" | "key",
    ) => `select id, resource_type, amount, counts_as, key, covers, expires_at from ${reservation}
      where org_id = :orgId and ${by} = :value and expires_at > :now`,
    expire: `delete from ${reservation} where org_id = :orgId and expires_at <= :now`,
    hold: `insert into ${reservation} (org_id, id, resource_type, amount, counts_as, key, covers, expires_at, created_at)
      values (:orgId, :id, :resourceType, :amount, :countsAs, :key, :covers, :expiresAt, :now)`,
    end: `delete from ${reservation} where org_id = :orgId and id = :id`,
    erase: `delete from ${reservation} where org_id = :orgId`,
    recall: `select fingerprint, result, expires_at from ${idempotency}
      where org_id = :orgId and key = :key and expires_at > :now`,
    forget: `delete from ${idempotency} where org_id = :orgId and expires_at <= :now`,
    remember: `insert into ${idempotency} (org_id, key, fingerprint, result, expires_at, created_at)
      values (:orgId, :key, :fingerprint, :result, :expiresAt, :now)`,
    eraseReplays: `delete from ${idempotency} where org_id = :orgId`,
  };

  return {
    async find<Tx>(
      session: Session<Tx>,
      orgId: string,
      by: { readonly id: string } | { readonly key: string },
      now: string,
    ): Promise<Hold | null> {
      const [statement, value] = "id" in by ? [sql.find("id"), by.id] : [sql.find("key"), by.key];
      const [row] = await session.all(statement, { orgId, value, now });
      return row === undefined ? null : holdIn(row);
    },

    /** Deletes what has expired first, so that its key is free again. */
    async hold<Tx>(session: Session<Tx>, orgId: string, hold: Hold, now: string): Promise<void> {
      const { id, resourceType, key, expiresAt } = hold;
      await session.all(sql.expire, { orgId, now });
      await session.all(sql.hold, {
        ...{ orgId, id, resourceType, key, expiresAt, now },
        amount: BigInt(hold.amount),
        countsAs: BigInt(hold.countsAs),
        covers: JSON.stringify(hold.covers),
      });
    },

    async end<Tx>(session: Session<Tx>, orgId: string, id: string): Promise<void> {
      await session.all(sql.end, { orgId, id });
    },

    async recall<Tx>(session: Session<Tx>, orgId: string, key: string, now: string): Promise<Replay | null> {
      const [row] = await session.all(sql.recall, { orgId, key, now });
      if (row === undefined) return null;
      const { fingerprint, result, expires_at: expiresAt } = row;
      return { key, fingerprint: String(fingerprint), result: text(result), expiresAt: String(expiresAt) };
    },

    async remember<Tx>(
      session: Session<Tx>,
      orgId: string,
      { key, fingerprint, result, expiresAt }: Replay,
      now: string,
    ): Promise<void> {
      await session.all(sql.forget, { orgId, now });
      await session.all(sql.remember, { orgId, key, fingerprint, result, expiresAt, now });
    },

    async erase<Tx>(session: Session<Tx>, orgId: string): Promise<void> {
      await session.all(sql.erase, { orgId });
      await session.all(sql.eraseReplays, { orgId });
    },
  };
}

function holdIn(row: SqliteRow): Hold {
  const resourceType = row["resource_type"];
  const covers: unknown = JSON.parse(String(row["covers"]));
  if (!isResourceType(resourceType) || !Array.isArray(covers))
    throw new StorageError("A stored reservation cannot be read. Restore its row from a backup, or delete it.", {
      outcome: "rolled-back",
    });
  return {
    id: String(row["id"]),
    resourceType,
    amount: integer(row["amount"]),
    countsAs: integer(row["counts_as"]),
    key: text(row["key"]),
    covers: covers.map(String),
    expiresAt: String(row["expires_at"]),
  };
}
