import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, lchownSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { guard } from "./guardian.ts";
import { ServerStartError } from "./start-error.ts";

/** Whom a server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: root starts it as `postgres`, else as `nobody`. Undefined for everybody else. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new ServerStartError(
    "PostgreSQL refuses to run as root, and /etc/passwd has neither `postgres` nor `nobody`. Add one of them, or run as another user.",
  );
}

/** Gives a folder and all that is in it to the account. */
export function giveTo(account: Account | undefined, folder: string): void {
  if (!account) return;
  lchownSync(folder, account.uid, account.gid);
  for (const entry of readdirSync(folder, { recursive: true })) {
    lchownSync(join(folder, String(entry)), account.uid, account.gid);
  }
}

const copies = new Map<string, string>();

/** The same binaries where the account can run them: a copy, if they lie in a folder of root's alone. */
export function reachableBinaries(bin: string, account: Account | undefined): string {
  if (!account || !existsSync(join(bin, "postgres")) || runs(bin, account)) return bin;
  const known = copies.get(bin);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), "entitlements-postgres-bin-"));
  guard().folder(folder);
  chmodSync(folder, 0o755);
  // The server finds its libraries and templates beside the folder of its binaries.
  const native = dirname(bin);
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  const copy = join(folder, "native", basename(bin));
  if (!runs(copy, account)) {
    throw new ServerStartError(
      `User ${account.uid} can run PostgreSQL neither from ${bin} nor from a copy in ${folder}. Make ${bin} readable and executable for everybody, or point TMPDIR to a folder that is.`,
    );
  }
  copies.set(bin, copy);
  return copy;
}

function runs(bin: string, account: Account): boolean {
  return spawnSync(join(bin, "postgres"), ["--version"], { ...account, cwd: "/" }).status === 0;
}
