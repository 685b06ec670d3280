import type { Names } from "../sql/names.ts";
import { resourceTypeCheck } from "./resource-type-check.ts";

/**
 * One row an organisation and resource type: its own limit (where `has_override`) and the kept count. The largest value
 * is 2^53 − 1, the largest whole number that JavaScript keeps exactly.
 */
export const orgEntitlement = {
  version: 1,
  name: "org_entitlement",
  statements: ({ entitlement }: Names): readonly string[] => [
    `create table ${entitlement} (
      org_id text not null check (length(org_id) between 1 and 255),
      resource_type text not null check (${resourceTypeCheck}),
      has_override integer not null default 0 check (has_override in (0, 1)),
      max_value integer check (max_value between 0 and 9007199254740991),
      used integer not null default 0 check (used between 0 and 9007199254740991),
      reason text,
      actor text,
      expires_at text,
      created_at text not null,
      updated_at text not null,
      check (has_override = 1 or coalesce(max_value, reason, actor, expires_at) is null),
      primary key (org_id, resource_type)
    ) strict, without rowid`,
  ],
};
