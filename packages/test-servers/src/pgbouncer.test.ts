import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { startFor } from "./fixtures/started.ts";
import { pgBouncerBinary, startPgBouncer } from "./pgbouncer.ts";
import { startPostgres } from "./server.ts";
import { ServerStartError } from "./start-error.ts";

const isMissing = pgBouncerBinary() === undefined;
if (isMissing && process.env["REQUIRE_PGBOUNCER"] === "1")
  throw new Error("PgBouncer is not installed, and REQUIRE_PGBOUNCER wants it.");

test.skipIf(isMissing)(
  "three clients are served by one connection of the server, one transaction after the other",
  async () => {
    const server = await startFor(startPostgres());
    const bouncer = await startFor(startPgBouncer(server.url(), { poolSize: 1 }));
    const pids: unknown[] = [];
    const clients = [1, 2, 3].map(() => new pg.Client(bouncer.url(server.url())));
    for (const client of clients) {
      await client.connect();
      onTestFinished(() => client.end());
    }
    for (const client of [...clients, ...clients]) {
      const { rows } = await client.query("select pg_backend_pid() as pid");
      pids.push(rows[0].pid);
    }
    expect(pids).toHaveLength(6);
    expect(new Set(pids).size).toBe(1);
  },
);

test.skipIf(isMissing)("when it is removed its port is closed", async () => {
  const server = await startFor(startPostgres());
  const bouncer = await startPgBouncer(server.url());
  await bouncer.remove();
  const client = new pg.Client(bouncer.url(server.url()));
  await expect(client.connect()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

if (isMissing)
  test("where it is not installed that is said", async () => {
    await expect(startPgBouncer("postgres://postgres@127.0.0.1/postgres")).rejects.toThrow(ServerStartError);
  });
