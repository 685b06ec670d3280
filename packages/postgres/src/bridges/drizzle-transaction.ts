import { ConfigurationError } from "@x/entitlements-core/errors";

/** What is used of a transaction of Drizzle. */
export interface DrizzleTransaction {
  rollback(): never;
  transaction(...args: never[]): unknown;
}

/** A Drizzle instance that runs on `Client`. */
export interface Drizzle<Tx, Client> {
  readonly $client: Client;
  transaction(work: (tx: Tx) => Promise<never>): Promise<never>;
}

/**
 * A transaction that Drizzle has begun. What Drizzle waits for never settles, so that whoever asks for the transaction ends it
 * on its client, with the command tag that Drizzle would not tell.
 */
export function begunByDrizzle<Tx>(db: Pick<Drizzle<Tx, unknown>, "transaction">): Promise<Tx> {
  return new Promise((resolve, reject) => {
    const begun = db.transaction((tx) => {
      resolve(tx);
      return new Promise(() => {});
    });
    begun.catch(reject);
  });
}

/**
 * The instance with another pool to take the client of its next transaction from. Whatever the host has wrapped around
 * `transaction` stays in front; where that goes on to the instance itself, the client comes out of the instance's own pool.
 */
export function onPool<Tx>(db: Drizzle<Tx, unknown>, pool: object): Pick<Drizzle<Tx, unknown>, "transaction"> {
  // What `withReplicas` returns is no instance, but has one.
  const instance = Object(Reflect.get(db, "$primary") ?? db);
  const session = Object.create(sessionOf(instance), { client: { value: pool } });
  return Object.create(instance, { session: { value: session } });
}

/** What a transaction of Drizzle runs on: a client of `pg`, or the `sql` of a transaction of postgres.js. */
export function clientOf(tx: DrizzleTransaction): unknown {
  return Reflect.get(sessionOf(tx), "client");
}

/** Makes a transaction of Drizzle run on something else. */
export function setClient(tx: DrizzleTransaction, client: unknown): void {
  Reflect.set(sessionOf(tx), "client", client);
}

/** The session of an instance or of a transaction. */
function sessionOf(on: object): object {
  return Object(Reflect.get(on, "session"));
}

/** Throws a `ConfigurationError` on what is no transaction of Drizzle, such as the instance. */
export function assertDrizzleTransaction(tx: unknown): void {
  const { rollback, transaction, session }: { rollback?: unknown; transaction?: unknown; session?: unknown } =
    Object(tx);
  if (typeof rollback === "function" && typeof transaction === "function" && typeof session === "object") return;
  throw new ConfigurationError(
    "`tx` must be the transaction that db.transaction() hands to your function, not the instance.",
  );
}

export function wrongDriver(): ConfigurationError {
  return new ConfigurationError(
    "`tx` is a transaction of Drizzle on another driver than the adapter's instance. Pass one of the instance that fromDrizzle was given.",
  );
}
