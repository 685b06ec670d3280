import type { DatabaseSettings } from "../settings.ts";
import { createPostgresDatabase } from "./postgres-database.ts";
import { createSqliteFile } from "./sqlite-file.ts";

/** A database of one test, and what the test does in it past the demo. */
export interface TestDatabase {
  readonly settings: DatabaseSettings;
  /** What the built demo is given to use it. */
  readonly environment: Readonly<Record<string, string>>;
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How many projects of the organisation count, read past the server. */
  countProjects(orgId: string): Promise<number>;
  /** How many rows each table has, read past the server. */
  countRows(): Promise<Readonly<Record<string, number>>>;
  /** Keeps every writer waiting until the function that it resolves to is called. */
  holdWriters(): Promise<() => Promise<void>>;
}

export interface DatabaseKind<Database extends TestDatabase = TestDatabase> {
  readonly name: string;
  /** A new one, empty. */
  create(): Promise<Database>;
}

/** For what asks no database. */
export const sqlite: DatabaseKind = { name: "SQLite", create: createSqliteFile };

/** Whatever the demo does, it does on each of these. */
export const databases: readonly DatabaseKind[] = [sqlite, { name: "PostgreSQL", create: createPostgresDatabase }];
