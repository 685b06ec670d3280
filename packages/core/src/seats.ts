import { ConfigurationError, InvalidRequestError } from "./errors.ts";
import { quote } from "./quote.ts";
import { isResourceType, type ResourceType } from "./resource-type.ts";

/** Which seat (bucket) each role takes. Made by `defineSeats`. */
export interface Seats<Bucket extends ResourceType = ResourceType, Role extends string = string> {
  /** The seat resource types, highest first. */
  readonly buckets: readonly Bucket[];
  /** Where roles that are listed nowhere fall; null: they are refused. */
  readonly unknownRole: Bucket | null;
  /**
   * The bucket of a role, or of several joined by commas (`"admin,member"`): the first bucket listed wins.
   * An unknown role falls into `unknownRole`, or throws an `InvalidRequestError` where that is not set.
   */
  bucketOf(role: Role | (string & {})): Bucket;
  /** The roles listed for a bucket. */
  roles(bucket: Bucket): readonly Role[];
}

/**
 * Declares which roles take which seat, highest bucket first: `defineSeats({ "seat:admin": ["owner", "admin"],
 * "seat:member": ["member"] })`. Throws a `ConfigurationError` where a role is listed twice.
 */
export function defineSeats<const Bucket extends ResourceType, const Role extends string>(
  definition: { readonly [B in Bucket]: readonly Role[] },
  options: { readonly unknownRole?: NoInfer<Bucket> } = {},
): Seats<Bucket, Role> {
  const isBucket = (key: string): key is Bucket => isResourceType(key) && Object.hasOwn(definition, key);
  const buckets = Object.keys(definition).map((key) => {
    if (!isBucket(key))
      throw new ConfigurationError(`defineSeats: ${quote(key)} is not a resource type such as "seat:admin".`);
    return key;
  });
  if (buckets.length === 0) throw new ConfigurationError("defineSeats: name at least one bucket.");
  const { unknownRole, ...unknown } = options;
  const [misspelt] = Object.keys(unknown);
  if (misspelt !== undefined)
    throw new ConfigurationError(`defineSeats has no option ${quote(misspelt)}. It takes: unknownRole.`);
  if (unknownRole !== undefined && !buckets.includes(unknownRole)) {
    throw new ConfigurationError(`defineSeats: unknownRole ${quote(unknownRole)} is not one of the buckets.`);
  }

  const rank = new Map<string, number>();
  buckets.forEach((bucket, index) => {
    const roles: unknown = definition[bucket];
    if (!Array.isArray(roles))
      throw new ConfigurationError(`defineSeats: ${bucket} wants a list of roles, not ${quote(roles)}.`);
    for (const role of definition[bucket]) {
      if (typeof role !== "string" || role.trim() !== role || role === "" || role.includes(",")) {
        throw new ConfigurationError(
          `defineSeats: ${quote(role)} is not a role: no commas, no spaces around it, not empty.`,
        );
      }
      if (rank.has(role)) throw new ConfigurationError(`defineSeats: role ${quote(role)} is listed more than once.`);
      rank.set(role, index);
    }
  });
  const rankOfUnknown = unknownRole === undefined ? undefined : buckets.indexOf(unknownRole);

  return {
    buckets,
    unknownRole: unknownRole ?? null,
    bucketOf(role) {
      const ranks = String(role)
        .split(",")
        .map((part) => rank.get(part.trim()) ?? rankOfUnknown);
      const best = ranks.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.min(a, b)));
      const bucket = best === undefined ? undefined : buckets[best];
      if (bucket === undefined) {
        throw new InvalidRequestError(
          "role",
          `${quote(role)} takes no known seat. Known roles: ${[...rank.keys()].join(", ")}. Add it to defineSeats() or set unknownRole.`,
        );
      }
      return bucket;
    },
    roles: (bucket) => definition[bucket],
  };
}
