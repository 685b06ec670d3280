import type { Override } from "@x/entitlements-core/adapter";
import type { SqliteRow, SqliteValue } from "../bridge.ts";
import { integer, type Session, text } from "../session.ts";
import type { Names } from "./names.ts";

/** What is stored for one organisation and resource type. */
export interface Stored {
  readonly override: Override | null;
  readonly used: number;
}

type Key = { readonly orgId: string; readonly resourceType: string };

/** The statements on our own tables. Each names the organisation, but for the operators' list of all of them. */
export function entitlementSql({ entitlement, migration, reservation }: Names) {
  const upsert = (columns: readonly string[]): string =>
    `insert into ${entitlement} (org_id, resource_type, created_at, updated_at, ${columns.join(", ")})
    values (:orgId, :resourceType, :now, :now, ${columns.map((column) => `:${column}`).join(", ")})
    on conflict (org_id, resource_type) do update set updated_at = excluded.updated_at, ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`;

  const sql = {
    /** One row for each that is stored, or one without any; each with the version of our tables and all that is held. */
    read: (
      count: number,
    ) => `select version, held, resource_type, has_override, max_value, used, reason, actor, expires_at, updated_at
      from (select max(version) as version from ${migration})
      cross join (select json_group_object(type, units) as held from (
        select resource_type as type, sum(counts_as) as units from ${reservation}
        where org_id = :orgId and expires_at > :now group by resource_type))
      left join ${entitlement} on org_id = :orgId and resource_type in (${Array.from({ length: count }, (_, index) => `:type${index}`).join(", ")})`,
    /** A write that changes nothing and takes the write lock. */
    lock: `update ${entitlement} set used = used where org_id = '' and resource_type = ''`,
    setOverride: upsert(["has_override", "max_value", "reason", "actor", "expires_at"]),
    // Leaves updated_at alone: that is when the limit was set.
    add: `insert into ${entitlement} (org_id, resource_type, created_at, updated_at, used)
      values (:orgId, :resourceType, :now, :now, max(0, :amount))
      on conflict (org_id, resource_type) do update set used = max(0, used + :amount)`,
    erase: `delete from ${entitlement} where org_id = :orgId`,
    organisations: `select distinct org_id from ${entitlement}
      where has_override = 1 and max_value is not null and (expires_at is null or expires_at > :now) and org_id > :after
      order by org_id limit :size`,
    foreignTypes: `select distinct resource_type from ${entitlement} order by resource_type`,
  };

  return {
    lock: sql.lock,

    /** What is stored for each resource type; overrides that have expired by `now` (ISO-8601) are left out. */
    async read<Tx>(
      session: Session<Tx>,
      orgId: string,
      resourceTypes: readonly string[],
      now: string,
    ): Promise<{ version: number; held: Readonly<Record<string, unknown>>; stored: Map<string, Stored> }> {
      const params: Record<string, SqliteValue> = { orgId, now };
      resourceTypes.forEach((resourceType, index) => {
        params[`type${index}`] = resourceType;
      });
      const found = await session.all(sql.read(resourceTypes.length), params);
      const stored = new Map<string, Stored>();
      for (const row of found) {
        const resourceType = text(row["resource_type"]);
        if (resourceType !== null) stored.set(resourceType, storedIn(row, resourceType, now));
      }
      const held = Object(JSON.parse(text(found[0]?.["held"]) ?? "{}"));
      return { version: integer(found[0]?.["version"] ?? 0), held, stored };
    },

    async setOverride<Tx>(
      session: Session<Tx>,
      key: Key,
      override: Omit<Override, "resourceType" | "updatedAt"> | null,
      now: string,
    ): Promise<void> {
      await session.all(sql.setOverride, {
        ...key,
        now,
        has_override: override === null ? 0n : 1n,
        max_value: typeof override?.limit === "number" ? BigInt(override.limit) : null,
        reason: override?.reason ?? null,
        actor: override?.actor ?? null,
        expires_at: override?.expiresAt ?? null,
      });
    },

    async add<Tx>(session: Session<Tx>, key: Key, amount: number, now: string): Promise<void> {
      await session.all(sql.add, { ...key, amount: BigInt(amount), now });
    },

    async erase<Tx>(session: Session<Tx>, orgId: string): Promise<void> {
      await session.all(sql.erase, { orgId });
    },

    async limitedOrganisations<Tx>(
      session: Session<Tx>,
      after: string,
      size: number,
      now: string,
    ): Promise<readonly string[]> {
      const found = await session.all(sql.organisations, { after, size: BigInt(size), now });
      return found.map((row) => String(row["org_id"]));
    },

    /** Every resource type that something is stored for. */
    async storedTypes<Tx>(session: Session<Tx>): Promise<readonly string[]> {
      return (await session.all(sql.foreignTypes)).map((row) => String(row["resource_type"]));
    },
  };
}

function storedIn(row: SqliteRow, resourceType: string, now: string): Stored {
  const expiresAt = text(row["expires_at"]);
  const live = integer(row["has_override"]) === 1 && (expiresAt === null || expiresAt > now);
  const override: Override = {
    resourceType,
    limit: row["max_value"] === null ? null : integer(row["max_value"]),
    reason: text(row["reason"]),
    actor: text(row["actor"]),
    expiresAt,
    updatedAt: String(row["updated_at"]),
  };
  return { override: live ? override : null, used: integer(row["used"]) };
}
