import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createPlace, type Server, startIn } from "./server.ts";
import { ServerStartError } from "./start-error.ts";

const patienceMs = 30_000;

/** What belongs to the running primary alone. The log of writes streams over from where the copy began. */
const notCopied = ["postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "pg_dynshmem", "pg_stat_tmp"];

/**
 * Starts a hot standby of a running server. Resolves when it streams: from then on what the primary commits arrives
 * there, a little later.
 */
export async function startReplica(primary: Server): Promise<Server> {
  const place = createPlace(primary.bin);
  await copyOnline(primary, place.data);
  const name = `replica_${place.folder.replaceAll(/\W/g, "_")}`;
  writeFileSync(join(place.data, "standby.signal"), "");
  const replica = await startIn(place, {
    hot_standby: "on",
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`,
  });
  try {
    await streams(primary, name);
  } catch (error) {
    await replica.remove();
    throw error;
  }
  return replica;
}

/** The embedded binaries have no pg_basebackup. This is what it does: a copy between the backup's start and its stop. */
async function copyOnline(primary: Server, target: string): Promise<void> {
  const client = new pg.Client(primary.url());
  await client.connect();
  try {
    const [start, stop] =
      primary.version < 15
        ? ["pg_start_backup('replica', true, false)", "pg_stop_backup(false, false)"]
        : ["pg_backup_start('replica', true)", "pg_backup_stop(false)"];
    await client.query(`select ${start}`);
    copyFolder(primary.data, target);
    const { rows } = await client.query(`select labelfile from ${stop}`);
    writeFileSync(join(target, "backup_label"), String(rows[0]?.labelfile));
  } finally {
    await client.end();
  }
}

function copyFolder(source: string, target: string): void {
  const excluded = (entry: string): boolean => {
    const [first] = entry.split(sep);
    return entry !== first && notCopied.includes(first ?? "");
  };
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const relative = from.slice(source.length + 1);
    const to = join(target, relative);
    if (excluded(relative)) continue;
    if (entry.isDirectory()) mkdirSync(to, { recursive: true, mode: 0o700 });
    else if (!notCopied.includes(relative)) copyIfThere(from, to);
  }
  mkdirSync(join(target, "pg_wal", "archive_status"), { recursive: true, mode: 0o700 });
}

/** A running server removes files while we copy; recovery makes again what matters of them. */
function copyIfThere(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    copyFileSync(from, to);
    chmodSync(to, 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

async function streams(primary: Server, name: string): Promise<void> {
  const client = new pg.Client(primary.url());
  await client.connect();
  try {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const { rowCount } = await client.query(
        "select from pg_stat_replication where application_name = $1 and state = 'streaming'",
        [name],
      );
      if (rowCount) return;
      if (performance.now() > deadline) {
        throw new ServerStartError(`The replica does not stream after ${patienceMs} ms. Does its primary still run?`);
      }
      await sleep(20);
    }
  } finally {
    await client.end();
  }
}
