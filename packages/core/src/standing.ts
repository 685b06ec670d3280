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
  const counted: unknown = resource.kind === "counted" ? await resource.count(tx, orgId) : 0;
  if (typeof counted !== "number" || !Number.isSafeInteger(counted) || counted < 0) {
    throw new ConfigurationError(
      `The count of ${resourceType} came out as ${quote(counted)}; it must be a whole number from 0 up. Check its \`count\` function.`,
    );
  }
  return { ...resolve(measure.override), current: measure.current + counted, reserved: measure.reserved };
}
