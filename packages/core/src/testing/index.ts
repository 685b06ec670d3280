/** The proof of the adapter contract, for authors of adapters. Wants vitest, an optional peer of this package. */
import { describe, it } from "vitest";
import { atomicity } from "./atomicity.ts";
import { counters } from "./counters.ts";
import { failures } from "./failures.ts";
import { type AdapterUnderTest, type Case, type HostKind, runCase } from "./harness.ts";
import { idempotency } from "./idempotency.ts";
import { joining } from "./joining.ts";
import { limits } from "./limits.ts";
import { locking } from "./locking.ts";
import { moves } from "./moves.ts";
import { people } from "./people.ts";
import { reading } from "./reading.ts";
import { reservations } from "./reservations.ts";

export {
  type AdapterUnderTest,
  type Case,
  type Harness,
  type HostKind,
  type PeopleHost,
  runCase,
  type SuiteType,
  type World,
} from "./harness.ts";
export { type ModelUnderTest, runModel, testModel } from "./model.ts";

/** Every case of the suite, by concern. */
export const conformance: Readonly<Record<string, readonly Case[]>> = {
  locking,
  atomicity,
  joining,
  counters,
  moves,
  limits,
  reading,
  failures,
  reservations,
  idempotency,
  people,
};

const hostKinds: readonly HostKind[] = ["rows", "counted"];

/** What of an adapter under test may be left out, and leaves out a concern with it. */
function wantedBy(concern: string): readonly ("breakStorage" | "people")[] {
  if (concern === "failures") return ["breakStorage"];
  return concern === "people" ? ["people"] : [];
}

/** Registers the whole suite with vitest. Call it in a test file of the adapter. */
export function testAdapter<Tx>(adapter: AdapterUnderTest<Tx>): void {
  for (const kind of hostKinds.filter((kind) => adapter.kinds[kind] !== undefined)) {
    for (const [concern, cases] of Object.entries(conformance)) {
      const missing = wantedBy(concern).find((part) => adapter[part] === undefined);
      if (missing !== undefined) {
        it.skip(`${concern}, host counted by ${kind}: not tried, \`${missing}\` is not given`);
        continue;
      }
      describe(`${concern}, host counted by ${kind}`, () => {
        for (const one of cases) {
          if (adapter.connections === "one" && one.needs !== undefined)
            it.skip(`${one.name} (needs ${one.needs}, this storage has one)`);
          else it(one.name, () => runCase(adapter, kind, one), 60_000);
        }
      });
    }
  }
}
