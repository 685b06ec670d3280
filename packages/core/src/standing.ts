import type { Measure, Snapshot, Target } from "./adapter.ts";
import { ConfigurationError } from "./errors.ts";
import { quote } from "./quote.ts";
import { type ResolvedEntitlement, resolve } from "./resolution.ts";

/** Where an organisation stands on one resource type, in units. */
export interface Standing extends ResolvedEntitlement {
  readonly current: number;
  readonly reserved: number;
  readonly pending: number;
}

/**
 * The limit and the count of one target in one snapshot; a promise only where a function of the host's counts, since each
 * costs the most frequent calls about a microsecond. Throws a `ConfigurationError` where there is no proper count.
 */
export function standing<Tx>(
  { tx, measures }: Snapshot<Tx>,
  orgId: string,
  { resourceType, resource }: Target<Tx>,
): Standing | Promise<Standing> {
  const measure = measures.get(resourceType);
  if (measure === undefined) throw new ConfigurationError(`The adapter measured nothing for ${resourceType}.`);
  return resource.kind === "counted"
    ? countedStanding(resourceType, measure, () => resource.count(tx, orgId))
    : standingAt(measure, 0);
}

async function countedStanding(resourceType: string, measure: Measure, count: () => unknown): Promise<Standing> {
  const counted = await count();
  if (typeof counted !== "number" || !Number.isSafeInteger(counted) || counted < 0) {
    throw new ConfigurationError(
      `The count of ${resourceType} came out as ${quote(counted)}; it must be a whole number from 0 up. Check its \`count\` function.`,
    );
  }
  return standingAt(measure, counted);
}

function standingAt({ override, current, reserved, pending }: Measure, counted: number): Standing {
  const { limit, source } = resolve(override);
  return { limit, source, current: current + counted, reserved, pending };
}
