import { counter, createEntitlements, type Entitlements, memoryAdapter } from "@x/entitlements-core";
import { turnsOf } from "./callers.ts";
import { type Line, type Question, timed } from "./question.ts";
import { type Candidate, type Pace, sandwich } from "./sandwich.ts";
import { createApplication, limited } from "./sqlite/application.ts";
import { limitedInsert, plainInsert } from "./sqlite/by-hand.ts";
import { makeFile, organisations, seedRows, settledRows } from "./sqlite/file.ts";
import { quartiles } from "./statistics.ts";

const FEW = 10;
const MANY = 100_000;
/** Organisations take turns, so that what is used hardly moves during a slice. */
const ORGANISATIONS = 200;
const MOST = 4 * ORGANISATIONS;

const few = organisations(ORGANISATIONS, "few");
const many = organisations(ORGANISATIONS, "many");

type Counted<Tx, T extends string> = Pick<Entitlements<Tx, T | "quota:credit">, "enforce" | "consume" | "check">;

export const counterGrowth: Question = {
  name: "p6-counter-growth",
  asks: `what a counter enforcement costs at ${MANY} units used, beside the same at ${FEW} units (ratio: time against it)`,
  async answer(pace) {
    const inMemory = createEntitlements({
      adapter: memoryAdapter(),
      resources: { "quota:credit": counter({ label: "Credits" }) },
    });
    for (const orgId of [...few, ...many])
      await inMemory.setLimit({ orgId, resourceType: "quota:credit", limit: 1_000_000 });
    const file = makeFile();
    const application = createApplication(file.path);
    try {
      await limited(application, [...few, ...many]);
      seedRows(file.host, ["few"], FEW);
      seedRows(file.host, ["many"], MANY);
      const settle = settledRows(file.host);
      const byHand = (name: string, work: (orgId: string) => void, orgId: string): Candidate => ({
        name,
        run: async (times) => {
          for (let index = 0; index < times; index++) work(orgId);
        },
        settle,
      });
      const insert = plainInsert(file.open());
      const counting = limitedInsert(file.open());
      const lines = [
        ...(await growth(
          await counters("memory: counter", inMemory, few, FEW),
          await counters("memory: counter", inMemory, many, MANY),
          pace,
          1.15,
        )),
        ...(await growth(
          await counters("SQLite: counter", application.entitlements, few, FEW),
          await counters("SQLite: counter", application.entitlements, many, MANY),
          pace,
          1.15,
        )),
        ...(await growth(
          byHand("SQLite by hand: INSERT", insert, "few"),
          byHand("SQLite by hand: INSERT", insert, "many"),
          pace,
          null,
        )),
        ...(await growth(
          byHand("SQLite by hand: limit, count(*), INSERT", counting, "few"),
          byHand("SQLite by hand: limit, count(*), INSERT", counting, "many"),
          pace,
          null,
        )),
      ];
      return { lines, notes: ["a kept counter is one row; count(*) reads every row of the organisation"] };
    } finally {
      await application.close();
      file.remove();
    }
  },
};

/** The two lines of one pair. */
async function growth(atFew: Candidate, atMany: Candidate, pace: Pace, bound: number | null): Promise<readonly Line[]> {
  const { baseline, subjects, noise } = await sandwich(atFew, [atMany], pace, MOST);
  const [subject] = subjects;
  if (subject === undefined) throw new Error("One was to be measured.");
  return [
    timed(baseline, { what: `${baseline.name} at ${FEW}`, noise }),
    timed(subject, {
      what: `${subject.name} at ${MANY}`,
      ratio: quartiles(subject.speeds.map((speed) => 1 / speed)),
      goal: bound === null ? null : { at: "most", bound, of: "ratio" },
    }),
  ];
}

/** Enforcements of one unit, by organisations that have used so many. */
async function counters<Tx, T extends string>(
  name: string,
  entitlements: Counted<Tx, T>,
  orgIds: readonly string[],
  used: number,
): Promise<Candidate> {
  for (const orgId of orgIds) await entitlements.consume({ orgId, resourceType: "quota:credit", amount: used });
  const orgOf = turnsOf(orgIds);
  const nothing = (): void => {};
  return {
    name,
    run: async (times) => {
      for (let index = 0; index < times; index++)
        await entitlements.enforce({ orgId: orgOf(index), resourceType: "quota:credit" }, nothing);
    },
    settle: async (times) => {
      let granted = 0;
      for (const orgId of orgIds.slice(0, times)) {
        const grown = (await entitlements.check({ orgId, resourceType: "quota:credit" })).current - used;
        granted += grown;
        if (grown !== 0) await entitlements.consume({ orgId, claims: { "quota:credit": -grown } });
      }
      if (granted !== times) throw new Error(`${times} units were granted, but ${granted} are counted.`);
    },
  };
}
