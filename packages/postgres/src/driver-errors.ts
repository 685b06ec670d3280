import { isEntitlementsError, StorageError } from "@x/entitlements-core/errors";
import { quoteTable } from "./sql/names.ts";

/** Which error of a chain of causes is looked at last. */
const DEEPEST = 5;

/**
 * The SQLSTATE of an error, five letters and digits; null for what the server did not send. Drizzle wraps the driver's
 * error as its `cause`.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlState(error: unknown, depth = 0): string | null {
  const { code, cause, severity }: { code?: unknown; cause?: unknown; severity?: unknown } = Object(error);
  // Node's own codes (EPIPE) are five capitals as well; the server's errors have a severity.
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && (severity !== undefined || /\d/.test(code)))
    return code;
  // What we threw ourselves has been judged already.
  if (cause === undefined || depth === DEEPEST || isEntitlementsError(error)) return null;
  return sqlState(cause, depth + 1);
}

/** The transaction met another one in a way that may pass when it is run again: it could not be serialised. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
}

/** What a constraint's error is about: the table, quoted and with its schema, and the constraint. pg and postgres.js name the fields differently. */
export function placeOf(error: unknown, depth = 0): { readonly table: string; readonly constraint: string } {
  const one: {
    schema?: unknown;
    schema_name?: unknown;
    table?: unknown;
    table_name?: unknown;
    constraint?: unknown;
    constraint_name?: unknown;
    cause?: unknown;
  } = Object(error);
  const [schema, table] = [one.schema ?? one.schema_name, one.table ?? one.table_name];
  const constraint = one.constraint ?? one.constraint_name;
  if (typeof schema === "string" && typeof table === "string" && typeof constraint === "string")
    return { table: quoteTable({ schema, name: table }), constraint };
  return one.cause === undefined || depth === DEEPEST ? { table: "", constraint: "" } : placeOf(one.cause, depth + 1);
}

/** What the server said, under whatever a driver has wrapped it in. */
export function textOf(error: unknown, depth = 0): string {
  const { cause }: { cause?: unknown } = Object(error);
  const more = cause === undefined || depth === DEEPEST ? "" : ` ${textOf(cause, depth + 1)}`;
  return `${messageOf(error)}${more}`;
}

/** The lock was not had within `lock_timeout`. */
export function isLockNotAvailable(error: unknown): boolean {
  return sqlState(error) === "55P03";
}

/** The statement took longer than `statement_timeout`, or somebody cancelled it. */
export function isCancelled(error: unknown): boolean {
  return sqlState(error) === "57014";
}

/** The transaction has failed already: every statement but ROLLBACK is refused. */
export function isInFailedTransaction(error: unknown): boolean {
  return sqlState(error) === "25P02";
}

/** No transaction is open where one must be. */
export function isOutsideOfTransaction(error: unknown): boolean {
  return sqlState(error) === "25P01";
}

/** The transaction, or the savepoint in it, is not the one that was begun: somebody has ended that. See `SAME_TRANSACTION`. */
export function isInAnotherTransaction(error: unknown): boolean {
  return ["25P01", "3B001"].includes(sqlState(error) ?? "");
}

/** A row that is there already. */
export function isDuplicateRow(error: unknown): boolean {
  return sqlState(error) === "23505";
}

/** A value that a CHECK does not allow. */
export function isOutOfRange(error: unknown): boolean {
  return sqlState(error) === "23514";
}

/** A row, a table or a schema that is there already: two that made it at the same moment. */
export function isDuplicate(error: unknown): boolean {
  return ["23505", "42P07", "42P06", "42710"].includes(sqlState(error) ?? "");
}

/** The statement itself is wrong: a syntax error, a missing table or column, a value that does not fit, a failing expression. */
export function isStatementError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && /^(42|22|21|2F|38|39|3F|P0)/.test(state) && !state.startsWith("42501");
}

/** Whether the connection is gone, or its transaction for a reason that the statement has nothing to do with. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  return state === null || /^(08|57P|25P03|25P04|XX)/.test(state);
}

/**
 * Whether what a COMMIT failed with is the server's trouble or about tables of ours. Everything else was raised by deferred
 * constraints and triggers of the host's, which may raise what they like.
 */
export function isTroubleOfTheServer(error: unknown): boolean {
  const about = /\w*(org_(entitlement|limit_change|reservation|idempotency)|entitlements_migration)\b/;
  return /^(0A|25|28|53|57|58|F0)/.test(sqlState(error) ?? "") || about.test(textOf(error));
}

const REASONS: readonly (readonly [state: string, what: string])[] = [
  ["53100", "The database's disk is full. Free some space."],
  ["53300", "The database has no connection left. Use a smaller pool, a pooler, or raise max_connections."],
  ["53", "The database is short of resources. Look at its log."],
  [
    "57014",
    "The server cancelled a statement of the SDK (statement_timeout, or pg_cancel_backend). Raise it if your counts take that long.",
  ],
  ["57P03", "The database is starting up or shutting down. Try again."],
  ["57P", "The server ended the connection (a shutdown, a crash or pg_terminate_backend). Try again."],
  [
    "25P03",
    "The server ended the transaction (idle_in_transaction_session_timeout). Keep slow calls out of the enforced function, or raise it.",
  ],
  [
    "25P04",
    "The server ended the transaction (transaction_timeout). Keep slow calls out of the enforced function, or raise it.",
  ],
  [
    "25P02",
    "A statement in this transaction had failed before and its error was caught, so PostgreSQL refuses the rest. Roll it back.",
  ],
  [
    "25006",
    "The database may only be read: it is a replica, or default_transaction_read_only is on. Connect to the primary.",
  ],
  ["0A000", "The database may only be read: it is a replica. Connect to the primary."],
  ["28", "The database refused the login. Check user, password and pg_hba.conf."],
  ["3D000", "The database does not exist. Create it, or mend the connection string."],
  [
    "42501",
    "The database user lacks a permission on the entitlements tables. Grant select, insert, update and delete.",
  ],
  ["55P03", "Another transaction holds a lock. Try again."],
  ["40", "The database could not serialise the transaction. Run it again."],
];

/** The typed error for what a statement of ours failed with. */
export function storageError(error: unknown, outcome: "rolled-back" | "unknown" = "rolled-back"): StorageError {
  const state = sqlState(error);
  const what =
    REASONS.find(([prefix]) => state?.startsWith(prefix))?.[1] ??
    (state === null
      ? "The database could not be reached, or the connection broke. Try again."
      : "PostgreSQL refused a statement of the SDK.");
  return new StorageError(`${what} (${state === null ? "" : `${state}: `}${messageOf(error)})`, {
    outcome,
    cause: error,
  });
}

/** What a thrown value says, whatever it is. Node gathers failed attempts to connect in one error without a message. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
