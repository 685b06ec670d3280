import { counter, createEntitlements, feature, rows } from "@x/entitlements-core";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromLibsql } from "@x/entitlements-sqlite/libsql";
import { organisations } from "../organisations.ts";
import { connect, makeFile, seedRows } from "./file.ts";
import { watched } from "./watched-bridge.ts";

const ROWS = names("quota:kind", 40);
const COUNTERS = names("quota:credit", 5);
const FEATURES = names("feature:switch", 5);

/** An application with 50 resource types, and one of its organisations read in two ways; both answer the sum of the units. */
export interface FiftyTypes {
  usage(): Promise<number>;
  /** One query for each resource type, prepared and kept. */
  queriedByHand(): Promise<number>;
  /** The statements that the adapter sends while `work` runs, without those that open a connection. */
  sent(work: () => Promise<unknown>): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export async function fiftyTypes(): Promise<FiftyTypes> {
  const file = makeFile();
  const orgIds = organisations(100);
  // 500 rows of 50 types each: ten of a type.
  seedRows(file.host, orgIds, 500);
  let statements: string[] = [];
  const bridge = watched(
    fromLibsql(() => connect(file.path, "normal")),
    ({ sql }) => statements.push(sql),
  );
  const adapter = sqliteAdapter(bridge);
  const entitlements = createEntitlements({
    adapter,
    resources: Object.fromEntries([
      ...ROWS.map((name, index) => [
        name,
        rows({ label: name, table: "project", orgColumn: "org_id", where: `type = 't${index}'` }),
      ]),
      ...COUNTERS.map((name) => [name, counter({ label: name })]),
      ...FEATURES.map((name) => [name, feature({ label: name })]),
    ]),
  });
  await entitlements.migrate();
  const orgId = "org-7";
  for (const resourceType of [...ROWS, ...COUNTERS]) await entitlements.setLimit({ orgId, resourceType, limit: 100 });
  for (const resourceType of FEATURES) await entitlements.setLimit({ orgId, resourceType, limit: 1 });
  for (const resourceType of COUNTERS) await entitlements.consume({ orgId, resourceType, amount: 3 });

  const host = file.open();
  const counted = ROWS.map((_, index) =>
    host.prepare(`select count(*) as units from project where org_id = ? and type = 't${index}'`),
  );
  const kept = host.prepare(
    "select used as units, max_value from org_entitlement where org_id = ? and resource_type = ?",
  );
  const usage = async (): Promise<number> =>
    (await entitlements.usage({ orgId })).reduce((sum, { current }) => sum + current, 0);
  return {
    usage,
    async queriedByHand() {
      let units = 0;
      for (const query of counted) units += Number(Object(query.get(orgId)).units);
      for (const name of [...COUNTERS, ...FEATURES]) units += Number(Object(kept.get(orgId, name)).units);
      return units;
    },
    async sent(work) {
      await usage();
      statements = [];
      await work();
      return [...statements];
    },
    async remove() {
      await adapter.close();
      file.remove();
    },
  };
}

function names<const Start extends string>(start: Start, count: number): readonly `${Start}_${number}`[] {
  return Array.from({ length: count }, (_, index): `${Start}_${number}` => `${start}_${index}`);
}
