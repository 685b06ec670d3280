import type { ResourceType, Seats } from "@x/entitlements-core";
import { isInvalidRequestError } from "@x/entitlements-core/errors";
import { quoteText } from "./names.ts";

/**
 * Which rows take the seat of each bucket, as conditions on a column that holds roles joined by commas: what `seats.bucketOf`
 * says of the same text. What that would refuse, such as a role that is listed nowhere, takes a seat of the last bucket, so
 * that nobody is left uncounted.
 */
export function bucketConditions(seats: Seats, column: string): ReadonlyMap<string, string> {
  // Every role between commas of its own, so that taking one out leaves its neighbours whole.
  const bare = `replace(replace(trim(coalesce(cast(${column} as text), '')), ', ', ','), ' ,', ',')`;
  const list = `(',' || replace(${bare}, ',', ',,') || ',')`;
  const without = (text: string, role: string): string => `replace(${text}, ${quoteText(`,${role},`)}, '')`;
  const known = seats.buckets.flatMap((bucket) => seats.roles(bucket));
  const somethingElse = `${known.reduce(without, list)} <> ''`;

  const conditions = new Map<string, string>();
  const higher: string[] = [];
  seats.buckets.forEach((bucket, index) => {
    const has = seats.roles(bucket).map((role) => `${without(list, role)} <> ${list}`);
    if (bucket === seats.unknownRole) has.push(somethingElse);
    const own = has.length === 0 ? "1 = 0" : `(${has.join(" or ")})`;
    const parts = [...higher.map((one) => `not ${one}`), ...(index === seats.buckets.length - 1 ? [] : [own])];
    conditions.set(bucket, parts.length === 0 ? "1 = 1" : parts.join(" and "));
    higher.push(own.startsWith("(") ? own : `(${own})`);
  });
  return conditions;
}

/** The bucket in which a stored text is counted. */
export function storedBucket<Bucket extends ResourceType>(seats: Seats<Bucket>, text: string): Bucket | undefined {
  const listed = text
    .split(",")
    .map((role) => role.trim())
    .filter((role) => seats.buckets.some((bucket) => seats.roles(bucket).includes(role)));
  try {
    return seats.bucketOf(text);
  } catch (error) {
    if (!isInvalidRequestError(error)) throw error;
    return listed.length > 0 ? seats.bucketOf(listed.join(",")) : seats.buckets.at(-1);
  }
}
