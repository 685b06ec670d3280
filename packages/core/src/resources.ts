import { ConfigurationError } from "./errors.ts";
import { quote } from "./quote.ts";

/** How `current` is found for a resource type. */
export type Kind = "rows" | "counted" | "counter" | "feature";

/** A table of the host's: its plain name, or name and schema. Case is kept; the adapter quotes it. */
export type TableName = string | { readonly schema: string; readonly name: string };

/** Trusted SQL: one text for every database, or one for each where they differ. */
export type Sql = string | { readonly postgres: string; readonly sqlite: string };

/** Where rows of the host's are found, and which of them count. */
export interface RowsSource<Where extends Sql = Sql> {
  readonly table: TableName;
  /** The column that holds the organisation's id: a plain name, quoted by the adapter. */
  readonly orgColumn: string;
  /** Trusted SQL, sent verbatim, with `:orgId`, `:now` and `:nowMs` bound; the adapter refuses others. Never build it from input. */
  readonly where?: Where | undefined;
  /**
   * Trusted SQL, an expression that identifies what a row stands for, such as `'u:' || user_id`: rows with the same key
   * count once, also together with a hold that covers it. Without it, or where it is null, each row counts.
   */
  readonly key?: string | undefined;
}

/** Rows of the host's that count: the table of a `rows` resource, or a further one. */
export interface FurtherRows<Where extends Sql = Sql> extends RowsSource<Where> {
  /** Whether these rows only hold their units, as open invitations do. */
  readonly pending?: boolean | undefined;
}

/** Counts the host's own rows of the organisation. Costs O(rows of the organisation). */
export interface RowsResource extends RowsSource {
  readonly kind: "rows";
  readonly label: string;
  /** Further rows that count, told apart by their `key` from those of `table`; all are counted at the same moment. */
  readonly also?: readonly FurtherRows[] | undefined;
  /** What `doctor()` should find true of the database, for what these rows are used for. */
  readonly expects?: readonly Expectation[] | undefined;
}

/** Something that should be true of the host's database, and what to say and do where it is not. */
export interface Expectation {
  /** Trusted SQL, a condition without parameters. */
  readonly condition: Sql;
  readonly message: string;
  /** The statement that mends it. */
  readonly fix: Sql;
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

/** Counts rows of a table of the host's. Throws a `ConfigurationError` on an empty name, `where` or `key`. */
export function rows(definition: Omit<RowsResource, "kind">): RowsResource {
  const { also, expects = [], ...source } = described("rows", definition, [...SOURCE, "also", "expects"]);
  assertSource("rows", source);
  if (!Array.isArray(expects)) throw new ConfigurationError(`rows: \`expects\` must be a list, not ${quote(expects)}.`);
  for (const expectation of expects) {
    assertKnown("rows: `expects`", expectation, ["condition", "message", "fix"]);
    const { condition, message, fix } = expectation;
    assertSql("rows: `expects`", { condition, message, fix });
  }
  if (also !== undefined) {
    if (!Array.isArray(also)) throw new ConfigurationError(`rows: \`also\` must be a list, not ${quote(also)}.`);
    for (const further of also) {
      assertKnown("rows: `also`", further, [...SOURCE, "pending"]);
      assertSource("rows: `also`", further);
      if ((source.key === undefined) === (further.key === undefined)) continue;
      throw new ConfigurationError(
        "rows: give a `key` to every source or to none; without one what stands in two tables would count twice.",
      );
    }
  }
  return { ...definition, kind: "rows" };
}

const SOURCE = ["table", "orgColumn", "where", "key"];

function assertSource(what: string, { table, orgColumn, where, key }: RowsSource): void {
  const names: unknown[] =
    typeof table === "object" && table !== null ? [table.schema, table.name, orgColumn] : [table, orgColumn];
  for (const name of names) {
    if (typeof name !== "string" || name === "" || name.includes("\0")) {
      throw new ConfigurationError(`${what}: ${quote(name)} cannot be the name of a table or column.`);
    }
  }
  assertSql(what, { where, key });
}

const DIALECTS = ["postgres", "sqlite"] as const;

function assertSql(what: string, texts: { readonly [name: string]: Sql | undefined }): void {
  for (const [name, sql] of Object.entries(texts)) {
    if (sql === undefined) continue;
    const perDatabase = typeof sql === "object" && sql !== null;
    if (perDatabase) assertKnown(`${what}: \`${name}\``, sql, DIALECTS);
    for (const text of perDatabase ? DIALECTS.map((dialect) => sql[dialect]) : [sql]) {
      if (typeof text !== "string")
        throw new ConfigurationError(`${what}: \`${name}\` must be SQL text, not ${quote(text)}.`);
      if (text.trim() !== "") continue;
      const hint = name === "where" ? "; leave it out to count every row of the organisation." : ".";
      throw new ConfigurationError(`${what}: \`${name}\` is empty${hint}`);
    }
  }
}

/** The text for one kind of database. */
export function sqlFor(dialect: (typeof DIALECTS)[number], sql: Sql): string {
  return typeof sql === "string" ? sql : sql[dialect];
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
  assertKnown(kind, definition, ["label", "kind", ...own]);
  return definition;
}

function assertKnown(what: string, definition: object, known: readonly string[]): void {
  if (typeof definition !== "object" || definition === null)
    throw new ConfigurationError(`${what} wants an object, not ${quote(definition)}.`);
  const unknown = Object.keys(definition).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const takes = known.filter((key) => key !== "kind").join(", ");
  throw new ConfigurationError(`${what} has no property ${quote(unknown)}. It takes: ${takes}.`);
}
