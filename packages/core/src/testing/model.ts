import { describe, it } from "vitest";
import type { AdapterUnderTest, HostKind } from "./harness.ts";
import { histories } from "./model/histories.ts";
import { play } from "./model/playing.ts";
import { problemOf } from "./model/problem.ts";
import { type ModelWorld, openWorld } from "./model/world.ts";

/** An adapter, and how it is to be compared with the model. */
export interface ModelUnderTest<Tx> extends AdapterUnderTest<Tx> {
  /** How many histories are played, shared among the ways of counting the host's things. 300 when left out. */
  readonly histories?: number;
  /**
   * Whether `one` lock covers everything (when left out), or `each` organisation and resource type has its own. No sequential
   * order need explain what is seen under one of them and written under another, so such calls are left out then.
   */
  readonly locks?: "one" | "each";
  /** As a failure printed them, to play that history again. */
  readonly seed?: number | undefined;
  readonly path?: string | undefined;
  /** How many storages are played on at the same time. 8 when left out. */
  readonly atOnce?: number;
  /** For how long a history that failed is made shorter, in milliseconds. 20,000 when left out. */
  readonly shortenMs?: number;
}

/** After how many histories a storage is given up for a fresh one. */
const PER_STORAGE = 250;
/** What raced once does not race each time. */
const TRIES_WHILE_SHORTENING = 5;

/**
 * Plays random concurrent histories of all operations and demands that what each came to is what a plain model of an
 * organisation expects, in some order. Rejects with the seed and the shortest history that fails. Wants fast-check.
 */
export async function runModel<Tx>(model: ModelUnderTest<Tx>, kind: HostKind): Promise<void> {
  const fc = await import("fast-check");
  const { histories: count = 300, path, atOnce = path === undefined ? 8 : 1, shortenMs = 20_000 } = model;
  const seed = model.seed ?? Math.floor(Math.random() * 2 ** 31);
  const { locks = "one" } = model;
  const arbitrary = histories(fc, { people: model.people !== undefined, locks });
  /** The first part that found a failure, which it makes shorter while the others stop. */
  let failed: { readonly part: number; readonly at: number } | undefined;

  async function part(index: number): Promise<void> {
    let world: ModelWorld<Tx> | undefined;
    let played = 0;
    const property = fc.asyncProperty(arbitrary, async (history) => {
      if (failed !== undefined && (failed.part !== index || performance.now() - failed.at > shortenMs)) return;
      for (let tries = failed === undefined ? 1 : TRIES_WHILE_SHORTENING; tries > 0; tries--) {
        world ??= await openWorld(model, kind);
        const problem = problemOf(await play(world, history, `history ${++played}`));
        if (problem !== null || played % PER_STORAGE === 0) {
          await world.close();
          world = undefined;
        }
        if (problem === null) continue;
        failed ??= { part: index, at: performance.now() };
        throw new Error(problem);
      }
    });
    const numRuns = path === undefined ? Math.ceil(count / atOnce) : 1;
    const result = await fc.check(property, { seed: seed + index, numRuns, ...(path !== undefined && { path }) });
    await world?.close();
    if (!result.failed) return;
    const { errorInstance, counterexamplePath, numShrinks } = result;
    const problem = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    throw new Error(
      `${problem}\n\nShortened ${numShrinks} times. Play it again, host counted by ${kind}, with { seed: ${result.seed}, path: "${counterexamplePath}" }.`,
    );
  }

  const parts = await Promise.allSettled(Array.from({ length: atOnce }, (_, index) => part(index)));
  for (const one of parts) if (one.status === "rejected") throw one.reason;
}

/** Registers the comparison with vitest. Call it in a test file of the adapter. */
export function testModel<Tx>(model: ModelUnderTest<Tx>): void {
  const kinds = (["rows", "counted"] as const).filter((kind) => model.kinds[kind] !== undefined);
  const { histories: count = 300 } = model;
  const each = { ...model, histories: Math.ceil(count / kinds.length) };
  describe(`${each.histories} random histories are what a plain model expects`, () => {
    for (const kind of kinds) it(`host counted by ${kind}`, () => runModel(each, kind), 600_000);
  });
}
