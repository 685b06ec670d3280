import { ConfigurationError } from "./errors.ts";

/** A package that keeps tables, and the version of them that it works with. */
export interface KnownSchema {
  readonly packageName: string;
  readonly version: number;
}

/** Throws a `ConfigurationError` on tables that a newer version of the package has made: their rules are unknown here. */
export function assertNotNewer(version: number, known: KnownSchema): void {
  if (version <= known.version) return;
  throw new ConfigurationError(
    `The database's entitlements tables are at version ${version}, made by a newer ${known.packageName}; this one knows up to ${known.version}. Update the package in this process.`,
  );
}

/** Throws a `ConfigurationError` where the tables are not those that the package works with; 0: there are none. */
export function assertCurrent(version: number, known: KnownSchema): void {
  assertNotNewer(version, known);
  if (version === known.version) return;
  throw new ConfigurationError(
    version === 0
      ? "The entitlements tables do not exist yet. Run `await entitlements.migrate()` once at start."
      : `The entitlements tables are at version ${version}, this package wants ${known.version}. Run \`await entitlements.migrate()\` once at start.`,
  );
}
