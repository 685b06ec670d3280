import { testAdapter } from "@x/entitlements-core/testing";
import { installedPostgres, type Server, startPostgres } from "@x/entitlements-test-servers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { underTest } from "./fixtures/host.ts";
import { onPg } from "./fixtures/pg.ts";
import { rowsAlone } from "./fixtures/rows-alone.ts";

const installed = installedPostgres();
const wanted = Number(process.env["REQUIRE_POSTGRES_MAJORS"] ?? 1);

async function majorOfTheRun(): Promise<number> {
  const client = new pg.Client(inject("serverUrl"));
  await client.connect();
  const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as major");
  await client.end();
  return rows[0].major;
}

it(`the suite runs on ${wanted} major version${wanted === 1 ? "" : "s"} of PostgreSQL at least`, async () => {
  const majors = new Set([await majorOfTheRun(), ...installed.map(({ version }) => version)]);
  expect([...majors].length, `these: ${[...majors].join(", ")}`).toBeGreaterThanOrEqual(wanted);
});

if (installed.length === 0)
  it.skip("no PostgreSQL is installed here, so only that of the run is tested. Install one, or name its folder in POSTGRES_BIN.", () => {});

describe.each(installed)("on the installed PostgreSQL $version", ({ bin, version }) => {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await startPostgres({ bin });
  });
  afterAll(() => server?.remove());

  testAdapter(
    rowsAlone(
      underTest(onPg, undefined, {}, () => {
        if (server?.version !== version) throw new Error(`PostgreSQL ${version} does not run.`);
        return server.url();
      }),
    ),
  );
});
