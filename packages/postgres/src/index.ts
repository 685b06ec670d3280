export { type PostgresAdapterOptions, postgresAdapter } from "./adapter.ts";
export type { Answer, OwnConnection, PostgresBridge, PostgresConnection, PostgresRow } from "./bridge.ts";
export { type Migration, migrations } from "./migrations/index.ts";
export type { NamesOptions } from "./sql/names.ts";
