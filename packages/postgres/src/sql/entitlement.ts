import type { Override } from "@x/entitlements-core/adapter";
import type { PostgresRow } from "../bridge.ts";
import { literal } from "./literal.ts";
import type { Names } from "./names.ts";
import { dateOf, numberOf, text } from "./values.ts";
import { failing, RESTART } from "./verdict.ts";

/** What is stored for one organisation and resource type. */
export interface Stored {
  readonly resourceType: string;
  readonly used: number;
  /** null: none was set, expired ones included. */
  readonly override: (Omit<Override, "resourceType"> & { readonly expiresAtMs: number | null }) | null;
}

type Key = { readonly orgId: string; readonly resourceType: string };

/** The columns that `storedIn` reads. Dates as seconds: drivers differ in what they make of dates, and so do their settings. */
const COLUMNS = `resource_type, has_override::int as has_override, max_value, used, reason, actor,
  extract(epoch from expires_at) as expires_s, extract(epoch from updated_at) as updated_s`;

/** The same with the moment at which the lock was had, whether anything may be held then, and the role that it was taken with. */
function atLock(now: string): string {
  return `${COLUMNS}, extract(epoch from ${now}) as now_s, coalesce(holds_until > ${now}, false)::int as has_holds, current_setting('role') as role`;
}

/** What a transaction shares, in a setting that a ROLLBACK TO undoes together with the lock. */
const SHARED = "coalesce(current_setting('entitlements.shared', true), '')";

/** The statements on limits, counts and anchors. Each names the organisation, but for the operators' list of all of them. */
export function entitlementSql({ entitlement, limitChange }: Names) {
  const ofType = ({ orgId, resourceType }: Key): string =>
    `org_id = ${literal(orgId)} and resource_type = ${literal(resourceType)}`;
  const ofTypes = (orgId: string, types: readonly string[]): string =>
    `org_id = ${literal(orgId)} and resource_type in (${types.map(literal).join(", ")})`;
  const unlimited = (now: string): string => `(not has_override or max_value is null or expires_at <= ${now})`;
  /** An anchor in the list of those that are shared; the type is given as SQL. */
  const entry = (orgId: string, type: string): string =>
    `${literal(`\n${entitlement} `)} || ${type} || ${literal(` ${JSON.stringify(orgId)}\n`)}`;
  const isSharing = (orgId: string, type: string): string => `position(${entry(orgId, type)} in ${SHARED}) > 0`;

  /**
   * Nobody shares an anchor that somebody waits to have alone: those who come and go would never let him in. But whoever shares
   * it already keeps it from him anyway. By the storage's clock, as it was announced, whatever the host's says.
   */
  const mayBeShared = (orgId: string): string =>
    `(not exists (select 1 from ${limitChange} as waiting where waiting.org_id = ${literal(orgId)}
      and waiting.resource_type = anchor.resource_type and waiting.expires_at > clock_timestamp())
      or ${isSharing(orgId, "anchor.resource_type")})`;

  return {
    read: (orgId: string, types: readonly string[]): string =>
      `select ${COLUMNS} from ${entitlement} where ${ofTypes(orgId, types)}`,

    /**
     * Locks the anchors in the order of the list, making those that are missing. A write, so that a transaction with an
     * older view of them fails instead of counting what it cannot see.
     */
    lock: (orgId: string, types: readonly string[], now: string): string =>
      `insert into ${entitlement} as anchor (org_id, resource_type, created_at, updated_at)
      values ${types.map((type) => `(${literal(orgId)}, ${literal(type)}, clock_timestamp(), clock_timestamp())`).join(", ")}
      on conflict (org_id, resource_type) do update set used = anchor.used returning ${atLock(now)}`,

    /** Locks the anchors that are there against writers, in the order of the list, and lists them. */
    share: (orgId: string, types: readonly string[], now: string): string =>
      `select ${atLock(now)}, set_config('entitlements.shared', ${SHARED} || ${entry(orgId, "resource_type")}, true) is null as unlisted
      from ${entitlement} as anchor where ${ofTypes(orgId, types)} and ${mayBeShared(orgId)}
      order by resource_type for share of anchor`,

    /** A condition: the transaction shares one of the anchors. */
    isSharing: (orgId: string, types: readonly string[]): string =>
      `(${types.map((type) => isSharing(orgId, literal(type))).join(" or ")})`,

    /** Which of the anchors nothing limits, without a lock. */
    unlimited: (orgId: string, types: readonly string[], now: string): string =>
      `select resource_type, ${unlimited(now)}::int as unlimited from ${entitlement} where ${ofTypes(orgId, types)}`,

    /** Says until when somebody waits for the anchors; to be committed before the wait. A row for each who waits, so that none waits for another's. */
    announce: (orgId: string, types: readonly string[], waiter: string, ms: number): string =>
      `insert into ${limitChange} (org_id, resource_type, waiter, expires_at)
      values ${types.map((type) => `(${literal(orgId)}, ${literal(type)}, ${literal(waiter)}, clock_timestamp() + interval '${literal(ms)} milliseconds')`).join(", ")}
      on conflict (org_id, resource_type, waiter) do update set expires_at = excluded.expires_at`,

    /** Takes back what one of them has said, and what those who died have left. */
    withdraw: (orgId: string, types: readonly string[], waiter: string): string =>
      `delete from ${limitChange} where ${ofTypes(orgId, types)} and (waiter = ${literal(waiter)} or expires_at <= clock_timestamp())`,

    /**
     * Shares the anchors and fails with `verdict.RESTART` where one of them is missing or limited by now: in the statement that
     * locks them, because only it knows which ones it has locked.
     */
    shareUnlimited: (orgId: string, types: readonly string[], now: string): string =>
      `with anchor as (select ${unlimited(now)} as unlimited
        from ${entitlement} as anchor where ${ofTypes(orgId, types)} and ${mayBeShared(orgId)}
        order by resource_type for share of anchor)
      select ${failing(`count(*) filter (where unlimited) = ${types.length}`, `${literal(RESTART)} || count(*)`)} from anchor`,

    setOverride: (key: Key, override: Omit<Override, "resourceType" | "updatedAt"> | null, now: Date): string =>
      `update ${entitlement} set has_override = ${literal(override !== null)}, max_value = ${literal(override?.limit ?? null)},
      reason = ${literal(override?.reason ?? null)}, actor = ${literal(override?.actor ?? null)},
      expires_at = ${literal(override?.expiresAt == null ? null : new Date(override.expiresAt))}, updated_at = ${literal(now)}
      where ${ofType(key)}`,

    /** Says that something is held until then. */
    holdUntil: (key: Key, until: Date): string =>
      `update ${entitlement} set holds_until = greatest(holds_until, ${literal(until)}) where ${ofType(key)}`,

    add: (key: Key, amount: number): string =>
      `update ${entitlement} set used = greatest(0, used + ${literal(amount)}) where ${ofType(key)}`,

    erase: (orgId: string): readonly string[] => [
      `delete from ${entitlement} where org_id = ${literal(orgId)}`,
      `delete from ${limitChange} where org_id = ${literal(orgId)}`,
    ],

    limitedOrganisations: (after: string, size: number, now: string): string =>
      `select distinct org_id from ${entitlement}
      where has_override and max_value is not null and (expires_at is null or expires_at > ${now}) and org_id > ${literal(after)}
      order by org_id limit ${literal(size)}`,

    storedTypes: `select distinct resource_type from ${entitlement} order by resource_type`,
  };
}

/** One row of `COLUMNS`. */
export function storedIn(row: PostgresRow): Stored {
  const expiresAt = row["expires_s"] === null ? null : dateOf(row["expires_s"]);
  return {
    resourceType: String(row["resource_type"]),
    used: numberOf(row["used"]),
    override:
      // As a number: hosts have drivers make of booleans what they like, and a limit that is not recognised limits nothing.
      Number(row["has_override"]) !== 0
        ? {
            limit: row["max_value"] === null ? null : numberOf(row["max_value"]),
            reason: text(row["reason"]),
            actor: text(row["actor"]),
            expiresAtMs: expiresAt?.getTime() ?? null,
            expiresAt: expiresAt?.toISOString() ?? null,
            updatedAt: dateOf(row["updated_s"]).toISOString(),
          }
        : null,
  };
}
