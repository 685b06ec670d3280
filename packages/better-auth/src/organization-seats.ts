import { type FurtherRows, type ResourceType, type RowsResource, rows, type Seats } from "@x/entitlements-core";
import { ConfigurationError } from "@x/entitlements-core/errors";
import { countedMembers, type ExcludedUsers, remember } from "./counting.ts";
import { expectations } from "./expectations.ts";
import { quoteColumn } from "./names.ts";
import { bucketConditions } from "./role-sql.ts";
import { assertKnown, type InvitationTable, type SeatTables, withDefaults } from "./tables.ts";

export interface OrganizationSeatsOptions<Bucket extends ResourceType> {
  /** Whether an open invitation holds the seat of its role. True when left out. */
  readonly countPending?: boolean | undefined;
  /** Users that take no seat, such as service accounts. */
  readonly excludeUsers?: ExcludedUsers | undefined;
  /**
   * For how long a seat is held between a hook and better-auth's write, in milliseconds; also how long a seat is lost when
   * better-auth fails in between. 60,000 when left out.
   */
  readonly holdMs?: number | undefined;
  /** Where better-auth's tables and columns have other names than its own. */
  readonly tables?: SeatTables | undefined;
  /** The name of each bucket for people. "Admin seats" for `seat:admin` when left out. */
  readonly labels?: { readonly [B in Bucket]?: string } | undefined;
}

/**
 * The seats of better-auth's organisations, counted from its own `member` and `invitation` tables: members by `u:<userId>`, open
 * and unexpired invitations by `e:<email>` as pending. To be spread into `resources`. Throws a `ConfigurationError`.
 */
export function organizationSeats<Bucket extends ResourceType>(
  seats: Seats<Bucket>,
  options?: OrganizationSeatsOptions<Bucket>,
): { readonly [B in Bucket]: RowsResource };
export function organizationSeats(
  seats: Seats,
  options: OrganizationSeatsOptions<ResourceType> = {},
): { readonly [bucket: string]: RowsResource } {
  if (typeof seats?.bucketOf !== "function")
    throw new ConfigurationError("organizationSeats wants `seats`: what defineSeats() returned.");
  assertKnown("organizationSeats", options, ["countPending", "excludeUsers", "holdMs", "tables", "labels"]);
  const { countPending = true, excludeUsers = [], holdMs = 60_000, labels = {}, tables = {} } = options;
  if (!(Number.isSafeInteger(holdMs) && holdMs > 0))
    throw new ConfigurationError(
      `organizationSeats: holdMs must be a whole number of milliseconds above 0, not ${String(holdMs)}.`,
    );
  assertKnown("labels", labels, seats.buckets);
  const { member, invitation, user } = withDefaults(tables);
  remember(seats, { countPending, excludeUsers, holdMs });

  const ofMembers = bucketConditions(seats, quoteColumn(member.table, member.role));
  const ofInvitations = bucketConditions(seats, quoteColumn(invitation.table, invitation.role));
  const counted = countedMembers(excludeUsers, member, user);
  return Object.fromEntries(
    seats.buckets.map((bucket, index) => [
      bucket,
      rows({
        label: labels[bucket] ?? labelOf(bucket),
        table: member.table,
        orgColumn: member.organizationId,
        key: `'u:' || ${quoteColumn(member.table, member.userId)}`,
        where: [ofMembers.get(bucket), counted].filter((one) => one !== null).join(" and "),
        also: countPending ? [openInvitations(invitation, ofInvitations.get(bucket) ?? "1 = 0")] : [],
        // Once is enough.
        expects: index === 0 ? expectations(member, holdMs) : [],
      }),
    ]),
  );
}

/**
 * The moment is stored as a text by Kysely on SQLite, as a number (of seconds or of milliseconds) by Drizzle there, and on
 * PostgreSQL with or without a time zone, which without one is UTC whatever the session's is.
 */
function openInvitations({ table, ...columns }: InvitationTable, ofBucket: string): FurtherRows {
  const column = (name: keyof typeof columns): string => quoteColumn(table, columns[name]);
  const expiresAt = column("expiresAt");
  const open = `${column("status")} = 'pending' and ${ofBucket}`;
  return {
    table,
    orgColumn: columns.organizationId,
    key: `'e:' || lower(${column("email")})`,
    pending: true,
    where: {
      postgres: `${open} and extract(epoch from ${expiresAt}) > extract(epoch from :now)`,
      sqlite: `${open} and case when typeof(${expiresAt}) = 'text' then ${expiresAt} > :now
        when ${expiresAt} > 100000000000 then ${expiresAt} > :nowMs else ${expiresAt} * 1000 > :nowMs end`,
    },
  };
}

/** `seat:billing_admin` → "Billing admin seats". */
function labelOf(bucket: ResourceType): string {
  const name = bucket.slice(bucket.indexOf(":") + 1).replaceAll("_", " ");
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} seats`;
}
