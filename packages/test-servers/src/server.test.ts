import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { embeddedBinaries, installedPostgres } from "./binaries.ts";
import { startFor } from "./fixtures/started.ts";
import { startPostgres } from "./server.ts";
import { ServerStartError } from "./start-error.ts";

async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  // The server's crash reaches a connection that nobody waits on as an event.
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test("what was committed is there after a crash, and what was not is gone", async () => {
  const server = await startFor(startPostgres());
  const client = await connectTo(server.url());
  await client.query("create table note (text text)");
  await client.query("insert into note values ('committed')");
  await client.query("begin");
  await client.query("insert into note values ('open')");
  const { port } = server;
  await server.stop("immediate");
  await expect(connectTo(server.url())).rejects.toMatchObject({ code: "ECONNREFUSED" });

  await server.start();
  expect(server.port).toBe(port);
  const again = await connectTo(server.url());
  expect((await again.query("select text from note")).rows).toEqual([{ text: "committed" }]);
});

test("a fast stop rolls back what is open, and the server starts again", async () => {
  const server = await startFor(startPostgres());
  const client = await connectTo(server.url());
  await client.query("begin");
  await server.stop("fast");
  await server.start();
  const { rows } = await (await connectTo(server.url())).query("select 1 as one");
  expect(rows).toEqual([{ one: 1 }]);
});

test("a setting reaches the server, and its version is the one it answers", async () => {
  const server = await startFor(startPostgres({ settings: { max_connections: 17, application_name: "it's" } }));
  const client = await connectTo(server.url("template1"));
  const { rows } = await client.query(
    "select current_setting('max_connections') as max, current_setting('server_version_num')::int / 10000 as major",
  );
  expect(rows).toEqual([{ max: "17", major: server.version }]);
});

test("every PostgreSQL that is installed here starts too", async () => {
  for (const { bin, version } of installedPostgres()) {
    const server = await startFor(startPostgres({ bin }));
    const { rows } = await (await connectTo(server.url())).query(
      "select current_setting('server_version_num')::int / 10000 as major",
    );
    expect(rows).toEqual([{ major: version }]);
  }
});

test("binaries in a folder of root's alone are brought to where the server's account can run them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "entitlements-private-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(dirname(await embeddedBinaries()), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  chmodSync(folder, 0o700);
  const server = await startFor(startPostgres({ bin: join(folder, "native", "bin") }));
  const { rows } = await (await connectTo(server.url())).query("select 1 as one");
  expect(rows).toEqual([{ one: 1 }]);
});

test("a removed server leaves no folder behind", async () => {
  const server = await startPostgres();
  expect(existsSync(server.data)).toBe(true);
  await server.remove();
  expect(existsSync(dirname(server.data))).toBe(false);
});

test("a server that cannot start says why, with the tail of its log", async () => {
  const failed = startPostgres({ settings: { no_such_setting: 1 } });
  await expect(failed).rejects.toThrow(ServerStartError);
  await expect(failed).rejects.toThrow(/remove a setting that it does not know[\s\S]*"no_such_setting"/);
});

test("a folder without a server is named", async () => {
  await expect(startPostgres({ bin: "/nowhere" })).rejects.toThrow(/initdb of \/nowhere does not run/);
});
