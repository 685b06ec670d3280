import type { Names } from "../sql/names.ts";

/** The grammar of a resource type, as a condition on the column `resource_type`. */
export const resourceTypeCheck: string = "resource_type ~ '^[a-z]+:[a-z][a-z0-9_]*$'";

/** The length of an organisation's id; `C` compares byte by byte, as every process does, whatever the database's language. */
export const orgIdColumn: string = 'org_id text collate "C" not null check (length(org_id) between 1 and 255)';

/**
 * One row an organisation and resource type: its own limit (where `has_override`), the kept count, and the anchor that is
 * locked; and who waits for an anchor that others share, so that nobody shares it meanwhile. No hold lives longer than `holds_until`. The largest value is 2^53 − 1, the largest whole number that JavaScript keeps exactly.
 */
export const orgEntitlement = {
  version: 1,
  name: "org_entitlement",
  statements: ({ entitlement, limitChange }: Names): readonly string[] => [
    `create table ${entitlement} (
      ${orgIdColumn},
      resource_type text collate "C" not null check (${resourceTypeCheck}),
      has_override boolean not null default false,
      max_value bigint check (max_value between 0 and 9007199254740991),
      used bigint not null default 0 check (used between 0 and 9007199254740991),
      reason text,
      actor text,
      expires_at timestamptz,
      holds_until timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check (has_override or (max_value is null and reason is null and actor is null and expires_at is null)),
      primary key (org_id, resource_type)
    )`,
    `create table ${limitChange} (
      ${orgIdColumn},
      resource_type text collate "C" not null check (${resourceTypeCheck}),
      waiter text collate "C" not null check (length(waiter) between 1 and 255),
      expires_at timestamptz not null,
      primary key (org_id, resource_type, waiter)
    )`,
  ],
};
