import type { Adapter } from "@x/entitlements-core";
import type { Connection, DatabaseType } from "./tables.ts";

/** A database that can be opened. All that differs from one kind to the other is behind this; the queries are the same. */
export interface DatabaseSource {
  /** What a person calls it; never with a password. */
  readonly name: string;
  /** Opens it and makes the tables that are missing. */
  open(): Promise<Database>;
  /** The line for what went wrong with it at the start; null for what is not foreseen. */
  explain(error: unknown): string | null;
}

/** A database that is open. */
export interface Database {
  readonly type: DatabaseType;
  /** What better-auth reads and writes on, and what our own reads are made on. Our writes go through the entitlements. */
  readonly connection: Connection;
  readonly adapter: Adapter<Connection>;
  /** Runs `work` in a write transaction of our own. */
  transaction<T>(work: (tx: Connection) => Promise<T>): Promise<T>;
  /** Once nothing uses it any more. */
  close(): Promise<void>;
}
