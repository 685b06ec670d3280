import {
  bigint,
  boolean,
  integer,
  type PgTableFn,
  pgSchema,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { type NamesOptions, tableNames } from "./sql/names.ts";

/**
 * The tables of the SDK for Drizzle's query builder, to read and to join: `migrate()` makes them, and what is written to them
 * past the SDK is not enforced. Throws a `ConfigurationError` on a schema or prefix that is no plain name.
 */
export function entitlementsTables(options: NamesOptions = {}) {
  const { schema, prefix } = tableNames(options);
  // Drizzle knows `public` as the lack of a schema only.
  const table: PgTableFn<string | undefined> = schema === "public" ? pgTable : pgSchema(schema).table;
  const orgId = () => text("org_id").notNull();
  const count = (name: string) => bigint(name, { mode: "number" });
  const moment = (name: string) => timestamp(name, { withTimezone: true });
  return {
    /** The limits of organisations, and what counters have counted. */
    orgEntitlement: table(
      `${prefix}org_entitlement`,
      {
        orgId: orgId(),
        resourceType: text("resource_type").notNull(),
        hasOverride: boolean("has_override").notNull().default(false),
        maxValue: count("max_value"),
        used: count("used").notNull().default(0),
        reason: text("reason"),
        actor: text("actor"),
        expiresAt: moment("expires_at"),
        holdsUntil: moment("holds_until"),
        createdAt: moment("created_at").notNull(),
        updatedAt: moment("updated_at").notNull(),
      },
      (columns) => [primaryKey({ columns: [columns.orgId, columns.resourceType] })],
    ),
    /** Who waits to have a lock alone that others share. */
    orgLimitChange: table(
      `${prefix}org_limit_change`,
      {
        orgId: orgId(),
        resourceType: text("resource_type").notNull(),
        waiter: text("waiter").notNull(),
        expiresAt: moment("expires_at").notNull(),
      },
      (columns) => [primaryKey({ columns: [columns.orgId, columns.resourceType, columns.waiter] })],
    ),
    /** What is held for a while. */
    orgReservation: table(
      `${prefix}org_reservation`,
      {
        orgId: orgId(),
        id: text("id").notNull(),
        resourceType: text("resource_type").notNull(),
        amount: count("amount").notNull(),
        countsAs: count("counts_as").notNull(),
        key: text("key"),
        covers: text("covers").array().notNull(),
        expiresAt: moment("expires_at").notNull(),
        createdAt: moment("created_at").notNull(),
      },
      (columns) => [primaryKey({ columns: [columns.orgId, columns.id] })],
    ),
    /** Results of calls with an idempotency key. */
    orgIdempotency: table(
      `${prefix}org_idempotency`,
      {
        orgId: orgId(),
        key: text("key").notNull(),
        resourceType: text("resource_type").notNull(),
        fingerprint: text("fingerprint").notNull(),
        result: text("result"),
        expiresAt: moment("expires_at").notNull(),
        createdAt: moment("created_at").notNull(),
      },
      (columns) => [primaryKey({ columns: [columns.orgId, columns.key] })],
    ),
    /** Which steps `migrate()` has made. */
    entitlementsMigration: table(`${prefix}entitlements_migration`, {
      version: integer("version").primaryKey(),
      name: text("name").notNull(),
      appliedAt: moment("applied_at").notNull(),
    }),
  };
}
