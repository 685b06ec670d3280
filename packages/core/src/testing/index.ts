/** The proof of the adapter contract, for authors of adapters. Wants vitest, an optional peer of this package. */
import { describe, it } from "vitest";
import { atomicity } from "./atomicity.ts";
import { counters } from "./counters.ts";
import { type Case, type Harness, type HostKind, inWorld } from "./harness.ts";
import { joining } from "./joining.ts";
import { limits } from "./limits.ts";
import { locking } from "./locking.ts";
import { moves } from "./moves.ts";
import { reading } from "./reading.ts";

export type { Case, Harness, HostKind, SuiteType, World } from "./harness.ts";

/** Every case of the suite, by concern. */
export const conformance: Readonly<Record<string, readonly Case[]>> = {
  locking,
  atomicity,
  joining,
  counters,
  moves,
  limits,
  reading,
};

export interface AdapterUnderTest<Tx> {
  /** Makes a fresh, empty storage and connects to it. Called for each case. */
  readonly setup: () => Promise<Harness<Tx>> | Harness<Tx>;
  /** How the host's things are counted; the suite runs once for each. */
  readonly kinds: readonly HostKind[];
}

/** Runs one case on a fresh storage; rejects where the adapter breaks the rule. */
export async function runCase<Tx>({ setup }: AdapterUnderTest<Tx>, kind: HostKind, { run }: Case): Promise<void> {
  await inWorld(await setup(), kind, run);
}

/** Registers the whole suite with vitest. Call it in a test file of the adapter. */
export function testAdapter<Tx>(adapter: AdapterUnderTest<Tx>): void {
  for (const kind of adapter.kinds) {
    for (const [concern, cases] of Object.entries(conformance)) {
      describe(`${concern}, host counted by ${kind}`, () => {
        for (const one of cases) it(one.name, () => runCase(adapter, kind, one), 60_000);
      });
    }
  }
}
