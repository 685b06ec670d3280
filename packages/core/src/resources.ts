import { ConfigurationError, quote } from "./errors.ts";

/** How `current` is found for a resource type. */
export type Kind = "rows" | "counted" | "counter" | "feature";

/** A table of the host's: its plain name, or name and schema. Case is kept; the adapter quotes it. */
export type TableName = string | { readonly schema: string; readonly name: string };

/** Counts the host's own rows of the organisation. Costs O(rows of the organisation). */
export interface RowsResource {
  readonly kind: "rows";
  readonly label: string;
  readonly table: TableName;
  /** The column that holds the organisation's id: a plain name, quoted by the adapter. */
  readonly orgColumn: string;
  /** Trusted SQL, sent verbatim, with `:orgId`, `:now` and `:nowMs` bound; the adapter refuses others. Never build it from input. */
  readonly where?: string | undefined;
}

/** Asks a function of the host's, inside the enforcing transaction. */
export interface CountedResource<Tx> {
  readonly kind: "counted";
  readonly label: string;
  readonly count: (tx: Tx, orgId: string) => number | Promise<number>;
}

/** A count kept by the SDK and changed by claims. Costs O(1). */
export interface CounterResource {
  readonly kind: "counter";
  readonly label: string;
}

/** On or off: a limit of 1 or more is on, 0 is off, no limit is on. */
export interface FeatureResource {
  readonly kind: "feature";
  readonly label: string;
}

/** The definition of one resource type, for adapters whose transaction is `Tx` and that can serve the kinds `K`. */
export type Resource<Tx, K extends Kind = Kind> = Extract<
  RowsResource | CountedResource<Tx> | CounterResource | FeatureResource,
  { kind: K }
>;

/** Counts rows of a table of the host's. Throws a `ConfigurationError` on an empty name or `where`. */
export function rows(definition: Omit<RowsResource, "kind">): RowsResource {
  const { table, orgColumn, where } = described("rows", definition, ["table", "orgColumn", "where"]);
  const names: unknown[] =
    typeof table === "object" && table !== null ? [table.schema, table.name, orgColumn] : [table, orgColumn];
  for (const name of names) {
    if (typeof name !== "string" || name === "" || name.includes("\0")) {
      throw new ConfigurationError(`rows: ${quote(name)} cannot be the name of a table or column.`);
    }
  }
  if (where !== undefined && typeof where !== "string") {
    throw new ConfigurationError(`rows: \`where\` must be SQL text, not ${quote(where)}.`);
  }
  if (where?.trim() === "") {
    throw new ConfigurationError("rows: `where` is empty; leave it out to count every row of the organisation.");
  }
  return { ...definition, kind: "rows" };
}

/** Counts by a function of the host's; it gets the enforcing transaction and must use no other connection. */
export function counted<Tx>(definition: Omit<CountedResource<Tx>, "kind">): CountedResource<Tx> {
  const { count } = described("counted", definition, ["count"]);
  if (typeof count !== "function")
    throw new ConfigurationError("counted: `count` must be a function (tx, orgId) => number.");
  return { ...definition, kind: "counted" };
}

/** A count that the SDK keeps. */
export function counter(definition: Omit<CounterResource, "kind">): CounterResource {
  return { ...described("counter", definition), kind: "counter" };
}

/** An on/off entitlement. */
export function feature(definition: Omit<FeatureResource, "kind">): FeatureResource {
  return { ...described("feature", definition), kind: "feature" };
}

/** A definition with a label, and without a misspelt property that would be ignored. */
function described<Definition extends { readonly label: string }>(
  kind: Kind,
  definition: Definition,
  own: readonly string[] = [],
): Definition {
  if (typeof definition?.label !== "string" || definition.label.trim() === "") {
    throw new ConfigurationError(`${kind}: a resource needs a \`label\` for people, such as "Projects".`);
  }
  const known = ["label", ...own];
  const unknown = Object.keys(definition).find((key) => key !== "kind" && !known.includes(key));
  if (unknown === undefined) return definition;
  throw new ConfigurationError(`${kind} has no property ${quote(unknown)}. It takes: ${known.join(", ")}.`);
}
