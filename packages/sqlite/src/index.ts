export { type SqliteAdapter, type SqliteAdapterOptions, sqliteAdapter } from "./adapter.ts";
export type { SqliteBridge, SqliteConnection, SqliteRow, SqliteValue } from "./bridge.ts";
export { type Migration, migrations } from "./migrations/index.ts";
