export { type InstalledPostgres, installedPostgres } from "./binaries.ts";
export { type PgBouncer, type PgBouncerOptions, pgBouncerBinary, startPgBouncer } from "./pgbouncer.ts";
export { type DataHook, type Direction, type Proxy, type ProxyOptions, startProxy } from "./proxy.ts";
export { startReplica } from "./replica.ts";
export { type PostgresOptions, type Server, type Settings, type StopMode, startPostgres } from "./server.ts";
export { ServerStartError } from "./start-error.ts";
