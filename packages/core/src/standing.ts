import type { Snapshot, Target } from "./adapter.ts";
import { ConfigurationError, quote } from "./errors.ts";
import { type ResolvedEntitlement, resolve } from "./resolution.ts";

/** Where an organisation stands on one resource type, in units. */
export interface Standing extends ResolvedEntitlement {
  readonly current: number;
  readonly reserved: number;
}

/** The limit and the count of one target in one snapshot. Throws a `ConfigurationError` where there is no proper count. */
export async function standing<Tx>(
  { tx, measures }: Snapshot<Tx>,
  orgId: string,
  { resourceType, resource }: Target<Tx>,
): Promise<Standing> {
  const measure = measures.get(resourceType);
  if (measure === undefined) throw new ConfigurationError(`The adapter measured nothing for ${resourceType}.`);
  const current: unknown = resource.kind === "counted" ? await resource.count(tx, orgId) : measure.current;
  if (typeof current !== "number" || !Number.isSafeInteger(current) || current < 0) {
    throw new ConfigurationError(
      `The count of ${resourceType} came out as ${quote(current)}; it must be a whole number from 0 up. Check its ${resource.kind === "counted" ? "`count` function" : "table"}.`,
    );
  }
  return { ...resolve(measure.override), current, reserved: measure.reserved };
}
