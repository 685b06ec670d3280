import { setTimeout as sleep } from "node:timers/promises";
import { turnsOf } from "./callers.ts";
import { organisations } from "./organisations.ts";
import { createApplication, limited } from "./postgres/application.ts";
import { type ByHand, limitedInsert } from "./postgres/by-hand.ts";
import { makeDatabase, seedRows, settledRows } from "./postgres/database.ts";
import { ROWS_EACH } from "./postgres/neighbours.ts";
import { ROUND_TRIP_MS, startNetwork } from "./postgres/network.ts";
import { fact, type Line, type Question } from "./question.ts";
import type { Pace } from "./sandwich.ts";
import { quartiles } from "./statistics.ts";

const HOT_CALLERS = 40;
const OTHER_CALLERS = 5;
const OTHERS = 50;

export const postgresNeighbours: Question = {
  name: "p12-postgres-neighbours",
  asks: `what ${OTHER_CALLERS} callers of other organisations wait while ${HOT_CALLERS} want one, with a pool of 10 and a round trip of ${ROUND_TRIP_MS} ms (ratio: their median against that without the ${HOT_CALLERS})`,
  async answer(pace) {
    const database = await makeDatabase();
    const network = await startNetwork(database);
    const pool = database.pool({ port: network.port });
    const others = organisations(OTHERS);
    const near = createApplication(database.host);
    const application = createApplication(pool);
    try {
      await seedRows(database.host, [...others, "hot"], ROWS_EACH);
      await limited(near, [...others, "hot"]);
      const settle = await settledRows(database.host);
      const windows = { pace, others, settle };
      return {
        lines: [
          ...(await besideOneThatIsHot({ ...windows, name: "enforce", work: application.enforce, bound: 1.5 })),
          ...(await besideOneThatIsHot({ ...windows, name: "by hand", work: limitedInsert(pool), bound: null })),
        ],
        notes: [database.server.name],
      };
    } finally {
      await near.close();
      await application.close();
      network.close();
      await database.remove();
    }
  },
};

interface Setting {
  readonly name: string;
  readonly work: ByHand;
  readonly bound: number | null;
  readonly pace: Pace;
  readonly others: readonly string[];
  settle(granted: number): Promise<void>;
}

/** Windows with the hot organisation, each between two without. */
async function besideOneThatIsHot({ name, work, bound, pace, others, settle }: Setting): Promise<readonly Line[]> {
  const ms = pace.sliceMs * 5;
  const observed = async (hotCallers: number) => {
    const seen = await observe(work, others, hotCallers, ms);
    await settle(seen.granted);
    return seen;
  };
  await observed(HOT_CALLERS);
  const alone: number[] = [];
  const beside: number[] = [];
  const ratios: number[] = [];
  const noise: number[] = [];
  const hot: number[] = [];
  let before = (await observed(0)).median;
  for (let repetition = 0; repetition < pace.repetitions; repetition++) {
    const crowded = await observed(HOT_CALLERS);
    const after = (await observed(0)).median;
    alone.push(after);
    beside.push(crowded.median);
    hot.push(crowded.hotPerSecond);
    ratios.push(crowded.median / Math.sqrt(before * after));
    noise.push(before / after);
    before = after;
  }
  const line = { unit: "ms", cpu: null, ratio: null, noise: null, goal: null };
  return [
    { ...line, what: `${name}: the others' median, alone`, value: quartiles(alone), noise: quartiles(noise) },
    {
      ...line,
      what: `${name}: the others' median, beside the hot one`,
      value: quartiles(beside),
      ratio: quartiles(ratios),
      goal: bound === null ? null : { at: "most", bound, of: "ratio" },
    },
    fact(`${name}: what the hot one gets done meanwhile`, quartiles(hot).median, "/s"),
  ];
}

/** What the others waited in a while. */
async function observe(work: ByHand, others: readonly string[], hotCallers: number, ms: number) {
  const waited: number[] = [];
  let hot = 0;
  let turn = 0;
  let over = false;
  const orgOf = turnsOf(others);
  const callers = Array.from({ length: hotCallers }, async () => {
    while (!over) {
      await work("hot");
      hot++;
    }
  });
  callers.push(
    ...Array.from({ length: OTHER_CALLERS }, async () => {
      // Once at least, however slow it is.
      do {
        const began = performance.now();
        await work(orgOf(turn++));
        waited.push(performance.now() - began);
      } while (!over);
    }),
  );
  await sleep(ms);
  over = true;
  const hotPerSecond = (hot * 1_000) / ms;
  await Promise.all(callers);
  return { median: quartiles(waited).median, granted: waited.length + hot, hotPerSecond };
}
