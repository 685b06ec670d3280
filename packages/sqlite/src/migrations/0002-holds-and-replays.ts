import type { Names } from "../sql/names.ts";
import { resourceTypeCheck } from "./resource-type-check.ts";

/**
 * Holds: `counts_as` units count until `expires_at`, `covers` being the JSON list of the keys of the rows that they stand in for.
 * Replays: results of calls with an idempotency key. Times are ISO-8601 UTC with milliseconds.
 */
export const holdsAndReplays = {
  version: 2,
  name: "holds_and_replays",
  statements: ({ reservation, idempotency, prefix }: Names): readonly string[] => [
    `create table ${reservation} (
      org_id text not null check (length(org_id) between 1 and 255),
      id text not null check (length(id) between 1 and 255),
      resource_type text not null check (${resourceTypeCheck}),
      amount integer not null check (amount between 1 and 9007199254740991),
      counts_as integer not null check (counts_as between amount and 9007199254740991),
      key text check (length(key) between 1 and 255),
      covers text not null check (json_type(covers) = 'array'),
      expires_at text not null,
      created_at text not null,
      primary key (org_id, id)
    ) strict, without rowid`,
    `create unique index "${prefix}org_reservation_key" on ${reservation} (org_id, key) where key is not null`,
    `create table ${idempotency} (
      org_id text not null check (length(org_id) between 1 and 255),
      key text not null check (length(key) between 1 and 255),
      fingerprint text not null,
      result text check (json_valid(result)),
      expires_at text not null,
      created_at text not null,
      primary key (org_id, key)
    ) strict, without rowid`,
    `create index "${prefix}org_idempotency_expires_at" on ${idempotency} (org_id, expires_at)`,
  ],
};
