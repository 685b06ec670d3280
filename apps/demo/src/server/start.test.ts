import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectRefusal, madeFile, run, started } from "./testing/demo-process.ts";
import { changeFile } from "./testing/sqlite-file.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { call, callAs } from "./testing/test-demo.ts";

async function newFile(): Promise<{ DATABASE_FILE: string }> {
  return { DATABASE_FILE: join(await temporaryFolder(), "demo.db") };
}

test("makes the folder and the file, and says in one line where it listens", async () => {
  const file = join(await temporaryFolder(), "new", "folder", "demo.db");
  const { url, output } = await started({ DATABASE_FILE: file });
  expect(output.out).toBe(`Demo on ${url} (database: ${file}, Ctrl-C stops)\n`);
  expect(await call(url, "GET", "/")).toMatchObject({ status: 200 });
  expect(existsSync(file)).toBe(true);
});

test("a taken port", async () => {
  const port = Number(new URL((await started(await newFile())).url).port);
  await expectRefusal(
    { PORT: String(port), ...(await newFile()) },
    new RegExp(`^Port ${port} is taken .*PORT=${port + 1}`),
  );
});

test.each(["abc", "-1", "65536", "3000.5", "0x10", " "])("PORT=%j", async (PORT) => {
  await expectRefusal({ PORT }, /^PORT must be a whole number from 0 to 65535/);
});

test.each(["0", "-1", "many", "1.5", "1e3"])("SIGN_IN_ATTEMPTS=%j", async (SIGN_IN_ATTEMPTS) => {
  await expectRefusal({ SIGN_IN_ATTEMPTS }, /^SIGN_IN_ATTEMPTS must be a whole number from 1/);
});

test.each(["yes", "10.0.0.1/99", "10.0.0.1,proxy.example.com"])("TRUST_PROXY=%j", async (TRUST_PROXY) => {
  await expectRefusal({ TRUST_PROXY }, /^TRUST_PROXY must be the addresses of proxies/);
});

test("OPERATORS names who sets limits, in place of the demo's own", async () => {
  const { url } = await started({ OPERATORS: " Mia@Example.com, somebody@example.com", ...(await newFile()) });
  const operators = "/api/operator/organisations";
  expect(await (await callAs(url, "mia"))("GET", operators)).toMatchObject({ status: 200 });
  expect(await (await callAs(url, "otto"))("GET", operators)).toMatchObject({ status: 404 });
});

test("an address that is not this machine's", async () => {
  await expectRefusal({ HOST: "192.0.2.1", ...(await newFile()) }, /^192\.0\.2\.1 is no address of this machine/);
});

test("a folder that cannot be made", async () => {
  const file = join(await temporaryFolder(), "a-file");
  await writeFile(file, "");
  await expectRefusal({ DATABASE_FILE: join(file, "demo.db") }, /^The folder .* cannot be made .*DATABASE_FILE/);
  await expectRefusal({ DATABASE_FILE: join(file, "deeper", "demo.db") }, /^The folder .* cannot be made/);
  await expectRefusal({ DATABASE_FILE: "/proc/demo/demo.db" }, /^The folder .* cannot be made/);
});

test("a folder that cannot be written to, and a folder in place of the file", async () => {
  await expectRefusal(
    { DATABASE_FILE: "/proc/demo.db" },
    /^The database \/proc\/demo\.db cannot be opened.*permissions/,
  );
  await expectRefusal({ DATABASE_FILE: await temporaryFolder() }, /^The database .* cannot be opened/);
});

// Nothing is forbidden to root, so root starts the demo as nobody. Skipped, and counted as such, where Node or the demo
// stand in a folder that is root's alone.
const uid = process.getuid?.() === 0 ? 65_534 : undefined;
const readMain = `require("node:fs").readFileSync(${JSON.stringify(join(import.meta.dirname, "../../dist/main.js"))})`;
const canStart = uid === undefined || spawnSync(process.execPath, ["-e", readMain], { uid, gid: uid }).status === 0;

test.skipIf(!canStart).each(["", "-wal"])(
  "an existing file (and %j) in a folder, neither of which this user may write",
  async (beside) => {
    const DATABASE_FILE = await madeFile();
    const folder = dirname(DATABASE_FILE);
    if (beside !== "") await writeFile(DATABASE_FILE + beside, "");
    for (const suffix of new Set(["", beside])) await chmod(DATABASE_FILE + suffix, 0o444);
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    await expectRefusal({ DATABASE_FILE }, /^The database .* cannot be opened for writing.*permissions/, uid);
  },
);

test.each(["http://localhost/x.db", "libsql://example.test", "file:///tmp/x.db"])("DATABASE_FILE=%s", async (url) => {
  await expectRefusal({ DATABASE_FILE: url }, /^DATABASE_FILE must be the path of a file, not a URL/);
});

test("the address printed for a host of this machine", async () => {
  const { ended, output, process } = run({ PORT: "0", HOST: "0.0.0.0", ...(await newFile()) });
  await Promise.race([once(process.stdout, "data"), ended]);
  expect(output.out).toMatch(/^Demo on http:\/\/127\.0\.0\.1:\d+ /);
});

test("a file that is no SQLite database", async () => {
  const { DATABASE_FILE } = await newFile();
  await writeFile(DATABASE_FILE, "This is no database. ".repeat(500));
  await expectRefusal({ DATABASE_FILE }, /^The database .* is damaged, or no SQLite database/);
  expect(await readFile(DATABASE_FILE, "utf8")).toMatch(/^This is no database/);
});

test.each([
  ["the schema", 100, 4_096],
  ["a table", 4_096, 12_288],
  ["the end", -4_096, undefined],
])("a database that is damaged in %s", async (_part, from, to) => {
  const DATABASE_FILE = await madeFile();
  const bytes = await readFile(DATABASE_FILE);
  await writeFile(DATABASE_FILE, bytes.fill(0x5a, from < 0 ? bytes.length + from : from, to));
  await expectRefusal({ DATABASE_FILE }, /^The database .* is damaged/);
});

test("a database that a newer version has migrated", async () => {
  const DATABASE_FILE = await madeFile();
  changeFile(DATABASE_FILE, "insert into entitlements_migration (version, name, applied_at) values (99, 'later', '')");
  await expectRefusal({ DATABASE_FILE }, /^The database .* cannot be used: .*version 99.*newer/);
});

test("a database of another application", async () => {
  const { DATABASE_FILE } = await newFile();
  changeFile(DATABASE_FILE, "create table project (title text)");
  await expectRefusal({ DATABASE_FILE }, /^The database .* is not one of this demo/);
});
