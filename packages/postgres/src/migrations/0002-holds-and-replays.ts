import { type Names, quoteName } from "../sql/names.ts";
import { orgIdColumn, resourceTypeCheck } from "./0001-org-entitlement.ts";

/**
 * Holds: `counts_as` units count until `expires_at`, `covers` being the keys of the rows that they stand in for.
 * Replays: results of calls with an idempotency key, as JSON text. Whoever has the lock of its `resource_type` may delete one that has expired.
 */
export const holdsAndReplays = {
  version: 2,
  name: "holds_and_replays",
  statements: ({ reservation, idempotency, prefix }: Names): readonly string[] => [
    `create table ${reservation} (
      ${orgIdColumn},
      id text collate "C" not null check (length(id) between 1 and 255),
      resource_type text collate "C" not null check (${resourceTypeCheck}),
      amount bigint not null check (amount between 1 and 9007199254740991),
      counts_as bigint not null check (counts_as between amount and 9007199254740991),
      key text collate "C" check (length(key) between 1 and 255),
      covers text[] not null,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      primary key (org_id, id)
    )`,
    `create unique index ${quoteName(`${prefix}org_reservation_key`)} on ${reservation} (org_id, key) where key is not null`,
    `create table ${idempotency} (
      ${orgIdColumn},
      key text collate "C" not null check (length(key) between 1 and 255),
      resource_type text collate "C" not null check (${resourceTypeCheck}),
      fingerprint text not null,
      result text,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      primary key (org_id, key)
    )`,
    `create index ${quoteName(`${prefix}org_idempotency_expires_at`)} on ${idempotency} (org_id, expires_at)`,
  ],
};
