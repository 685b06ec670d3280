import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Account, giveTo, unprivilegedAccount } from "./account.ts";
import { guard } from "./guardian.ts";
import { freePort } from "./ports.ts";
import { ServerStartError } from "./start-error.ts";

const patienceMs = 10_000;

/** A PgBouncer in front of a server, in transaction mode: a connection of the server's serves one transaction, then another client's. */
export interface PgBouncer {
  /** The same connection string, through PgBouncer. */
  url(url: string): string;
  readonly port: number;
  /** Ends it, and removes its folder. */
  remove(): Promise<void>;
}

export interface PgBouncerOptions {
  /** How many connections of the server there are for each database; 4 unless given. */
  readonly poolSize?: number;
}

/** Where PgBouncer is installed; undefined where it is not. Debian keeps it where only root's PATH leads. */
export function pgBouncerBinary(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "pgbouncer")).find((path) => existsSync(path));
}

/** Starts PgBouncer in front of the server of a connection string. It ends with this process at the latest. */
export async function startPgBouncer(serverUrl: string, { poolSize = 4 }: PgBouncerOptions = {}): Promise<PgBouncer> {
  const binary = pgBouncerBinary();
  if (binary === undefined) throw new ServerStartError("PgBouncer is not installed. Debian has it as `pgbouncer`.");
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(tmpdir(), "entitlements-pgbouncer-"));
  guard().folder(folder);
  const port = await freePort();
  const config = join(folder, "pgbouncer.ini");
  writeFileSync(config, configuration(new URL(serverUrl), port, poolSize), { mode: 0o600 });
  giveTo(account, folder);
  const { child, ended } = begin(binary, config, folder, account);
  const remove = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listens(port, child);
  } catch (cause) {
    const log = readFileSync(join(folder, "log"), "utf8");
    await remove();
    throw new ServerStartError(`PgBouncer of ${binary} takes no connections. Its log:`, { log, cause });
  }
  return {
    port,
    url(url) {
      const through = new URL(url);
      through.hostname = "127.0.0.1";
      through.port = String(port);
      return through.href;
    },
    remove,
  };
}

/** Everybody on this machine may connect, as the user that the server is given. */
function configuration({ hostname, port, username, password }: URL, listenPort: number, poolSize: number): string {
  const quoted = (value: string): string => `'${decodeURIComponent(value).replaceAll("'", "''")}'`;
  const server = [`host=${hostname || "127.0.0.1"}`, `port=${port || 5432}`, `user=${quoted(username || "postgres")}`];
  if (password !== "") server.push(`password=${quoted(password)}`);
  return `[databases]
* = ${server.join(" ")}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
log_connections = 0
log_disconnections = 0
`;
}

function begin(
  binary: string,
  config: string,
  folder: string,
  account: Account | undefined,
): { readonly child: ChildProcess; readonly ended: Promise<void> } {
  const output = openSync(join(folder, "log"), "a");
  const child = spawn(binary, [config], { ...account, cwd: folder, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  child.unref();
  const { pid } = child;
  if (pid) guard().server(pid);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      if (pid) guard().ended(pid);
      resolve();
    };
    child.once("error", end).once("exit", end);
  });
  return { child, ended };
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await answers(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("It ended while it started.");
    if (performance.now() > deadline) throw new Error(`It does not listen after ${patienceMs} ms.`);
    await sleep(10);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
