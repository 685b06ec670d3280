import { counter, createEntitlements, feature, rows } from "@x/entitlements-core";
import { postgresAdapter } from "@x/entitlements-postgres";
import { fromPg } from "@x/entitlements-postgres/pg";
import type { Pool, PoolClient } from "pg";
import { byCallers } from "../callers.ts";
import { organisations } from "../organisations.ts";
import { type Database, seedRows } from "./database.ts";

const ROWS = names("quota:kind", 40);
const COUNTERS = names("quota:credit", 5);
const FEATURES = names("feature:switch", 5);

/** 40 types with 10 rows each, 5 counters at 3. */
export const EXPECTED_UNITS = 40 * 10 + 5 * 3;

/** An application with 50 resource types, and one of its organisations; what is read answers the sum of the units. */
export interface FiftyTypes {
  usage(pool: Pool): () => Promise<number>;
  /** One query for each resource type, one after the other on one connection. */
  queriedByHand(pool: Pool): () => Promise<number>;
}

export async function fiftyTypes({ host }: Pick<Database, "host">): Promise<FiftyTypes> {
  const on = (pool: Pool) =>
    createEntitlements({
      adapter: postgresAdapter(fromPg<PoolClient>(pool)),
      resources: Object.fromEntries([
        ...ROWS.map((name, index) => [
          name,
          rows({ label: name, table: "project", orgColumn: "org_id", where: `type = 't${index}'` }),
        ]),
        ...COUNTERS.map((name) => [name, counter({ label: name })]),
        ...FEATURES.map((name) => [name, feature({ label: name })]),
      ]),
    });
  // 500 rows of 50 types each: ten of a type.
  await seedRows(host, organisations(100), 500);
  await host.query(
    "create table kept (org_id text, resource_type text, used integer, primary key (org_id, resource_type))",
  );
  const entitlements = on(host);
  await entitlements.migrate();
  const orgId = "org-7";
  const all = [...ROWS, ...COUNTERS, ...FEATURES];
  await byCallers(1, all.length, (index) =>
    entitlements.setLimit({ orgId, resourceType: all[index] ?? "", limit: 100 }),
  );
  for (const resourceType of COUNTERS) await entitlements.consume({ orgId, resourceType, amount: 3 });
  for (const name of [...COUNTERS, ...FEATURES])
    await host.query("insert into kept values ($1, $2, $3)", [orgId, name, name.startsWith("quota:") ? 3 : 0]);
  await host.query("vacuum analyze");
  return {
    usage(pool) {
      const { usage } = on(pool);
      return async () => (await usage({ orgId })).reduce((sum, { current }) => sum + current, 0);
    },
    queriedByHand: (pool) => async () => {
      const client = await pool.connect();
      let units = 0;
      const add = async (text: string, values: readonly string[]): Promise<void> => {
        const { rows: found } = await client.query(text, [...values]);
        units += Object(found[0])["units"];
      };
      for (const index of ROWS.keys())
        await add("select count(*)::integer as units from project where org_id = $1 and type = $2", [
          orgId,
          `t${index}`,
        ]);
      for (const name of [...COUNTERS, ...FEATURES])
        await add("select used as units from kept where org_id = $1 and resource_type = $2", [orgId, name]);
      client.release();
      return units;
    },
  };
}

function names<const Start extends string>(start: Start, count: number): readonly `${Start}_${number}`[] {
  return Array.from({ length: count }, (_, index): `${Start}_${number}` => `${start}_${index}`);
}
