// Packs every published package, lints the tarballs, and uses them in an empty project outside the workspace.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { publishedPackages, root } from "./published.mjs";

/** Entries that only load as ES modules: vitest refuses `require()`. */
const esmOnly = ["@x/entitlements-core/testing"];

/** Entries whose types are made of a driver's, which do not all compile by themselves: only hosts use them. */
const ofDrivers = ["@x/entitlements-better-auth", "@x/entitlements-postgres/drizzle-schema"];

const temporary = mkdtempSync(join(tmpdir(), "check-packages-"));
const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let failures = 0;

/** Prints one line for a check, and the problem below it if there is one. */
function report(/** @type {string} */ title, /** @type {string | false} */ problem) {
  console.log(problem ? `FAIL  ${title}\n${problem}` : `ok    ${title}`);
  if (problem) failures += 1;
}

/** What a command printed if it failed, else false. */
function run(/** @type {string} */ cwd, /** @type {string} */ command, /** @type {string[]} */ ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return status === 0 ? false : (error?.message ?? (stdout + stderr || `${command} failed`));
}

const bin = (/** @type {string} */ name) => join(root, "node_modules/.bin", name);
const pinned = (/** @type {string} */ name) =>
  `${name}@${catalog.match(new RegExp(`^ +"?${name}"?: (.+)$`, "m"))?.[1]}`;

/** The files that a source map leads to. */
function sourcesOf(/** @type {string} */ map) {
  /** @type {{ sources: string[] }} */
  const { sources } = JSON.parse(readFileSync(map, "utf8"));
  return sources.map((source) => resolve(dirname(map), source));
}

/** Packs a package, checks the tarball and returns where it is. */
function packed(/** @type {{ folder: string, name: string }} */ { folder, name }) {
  const target = join(temporary, name.replace("/", "-"));
  mkdirSync(target);
  report(`${name}: packs`, run(folder, "npx", "-y", packageManager, "pack", "--pack-destination", target));
  const tarball = join(target, readdirSync(target)[0] ?? "no-tarball");
  run(target, "tar", "-xzf", tarball);
  const files = readdirSync(join(target, "package"));
  for (const file of ["LICENSE", "README.md"]) {
    report(`${name}: contains ${file}`, !files.includes(file) && "It is not in the tarball.");
  }
  const shipped = readdirSync(join(target, "package"), { recursive: true }).map(String);
  const stray = shipped.filter((file) => /\.(test|test-d|soak\.test|stories)\.tsx?$|fixtures/.test(file));
  report(`${name}: ships no tests and no stories`, stray.join("\n") || false);
  const maps = shipped.filter((file) => file.endsWith(".map"));
  const lost = maps.filter((file) => !sourcesOf(join(target, "package", file)).every((source) => existsSync(source)));
  report(`${name}: source maps lead to shipped sources`, lost.join("\n") || false);
  const manifest = readFileSync(join(target, "package/package.json"), "utf8");
  report(`${name}: names no catalog and no workspace`, manifest.match(/.*"(catalog|workspace):.*/)?.[0] ?? false);
  report(`${name}: publint`, run(root, bin("publint"), "run", tarball, "--strict"));
  const styles = Object.keys(JSON.parse(manifest).exports).filter((entry) => entry.endsWith(".css"));
  const excluded = styles.length > 0 ? ["--exclude-entrypoints", ...styles] : [];
  report(`${name}: attw`, run(root, bin("attw"), tarball, "--profile", "node16", "--no-definitely-typed", ...excluded));
  return tarball;
}

const packages = publishedPackages();
const specifiers = packages.flatMap(({ name, entries }) => entries.map(({ subpath }) => name + subpath));
const ownEntries = specifiers.filter((specifier) => !ofDrivers.includes(specifier));
const everyEntry = ownEntries.map((specifier, i) => `export * as entry${i} from "${specifier}";\n`).join("");
const tarballs = packages.map(packed);

const consumer = join(temporary, "consumer");
cpSync(join(root, "scripts/consumer"), consumer, { recursive: true });
writeFileSync(join(consumer, "package.json"), '{ "private": true }');
writeFileSync(join(consumer, "every-entry.mts"), everyEntry);
writeFileSync(join(consumer, "every-entry.cts"), everyEntry);
const drivers = [
  "@better-auth/core",
  "@hono/zod-openapi",
  "@libsql/client",
  "@types/better-sqlite3",
  "@types/pg",
  "@types/react",
  "better-auth",
  "drizzle-orm",
  "hono",
  "kysely",
  "libsql",
  "pg",
  "postgres",
  "react",
  "react-dom",
];
const libraries = ["@types/node", ...drivers, "typescript", "vitest"].map(pinned);
report(
  "tarballs install with npm",
  run(consumer, "npm", "install", "--no-audit", "--no-fund", ...tarballs, ...libraries),
);
for (const specifier of specifiers) {
  report(`import("${specifier}")`, run(consumer, "node", "--eval", `import("${specifier}")`));
  if (esmOnly.includes(specifier)) continue;
  report(`require("${specifier}")`, run(consumer, "node", "--eval", `require("${specifier}")`));
}
report("a host and every entry type-check", run(consumer, "node", "node_modules/typescript/bin/tsc"));
report("hosts of every driver type-check", run(consumer, "node", "node_modules/typescript/bin/tsc", "-p", "bridges"));
report("the host runs", run(consumer, "node", "consumer.mjs"));

// The oldest React that is promised, in a project of its own.
const old = join(temporary, "react-18");
cpSync(join(root, "scripts/consumer/react-18"), old, { recursive: true });
writeFileSync(join(old, "package.json"), '{ "private": true }');
const kit = tarballs.filter((_, i) => /-(core|react)$/.test(packages[i]?.name ?? ""));
report(
  "the React kit installs with React 18",
  run(old, "npm", "install", "--no-audit", "--no-fund", ...kit, "react@18.3.1", "react-dom@18.3.1", pinned("jsdom")),
);
report("the React kit renders and hydrates with React 18", run(old, "node", "hydrate.mjs"));

rmSync(temporary, { recursive: true });
console.log(failures ? `${failures} checks failed` : "All checks passed");
process.exitCode = failures ? 1 : 0;
