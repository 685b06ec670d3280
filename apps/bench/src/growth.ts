import type { Entitlements } from "@x/entitlements-core";
import { byCallers, turnsOf } from "./callers.ts";
import { type Line, timed } from "./question.ts";
import { type Candidate, type Pace, sandwich } from "./sandwich.ts";
import { quartiles } from "./statistics.ts";

/** How many units an organisation has used at first, and much later. */
export const FEW = 10;
export const MANY = 100_000;

type Counted<Tx, T extends string> = Pick<Entitlements<Tx, T | "quota:credit">, "enforce" | "consume" | "check">;

/** The two lines of one pair. */
export async function growth(
  atFew: Candidate,
  atMany: Candidate,
  pace: Pace,
  most: number,
  bound: number | null,
): Promise<readonly Line[]> {
  const { baseline, subjects, noise } = await sandwich(atFew, [atMany], pace, most);
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
export async function counters<Tx, T extends string>(
  name: string,
  entitlements: Counted<Tx, T>,
  orgIds: readonly string[],
  used: number,
  callers = 1,
): Promise<Candidate> {
  await byCallers(callers, orgIds.length, (index) =>
    entitlements.consume({ orgId: orgIds[index] ?? "", resourceType: "quota:credit", amount: used }),
  );
  const orgOf = turnsOf(orgIds);
  const nothing = (): void => {};
  return {
    name,
    run: (times) =>
      byCallers(callers, times, (index) =>
        entitlements.enforce({ orgId: orgOf(index), resourceType: "quota:credit" }, nothing),
      ),
    settle: async (times) => {
      let granted = 0;
      await byCallers(callers, Math.min(times, orgIds.length), async (index) => {
        const orgId = orgIds[index] ?? "";
        const grown = (await entitlements.check({ orgId, resourceType: "quota:credit" })).current - used;
        granted += grown;
        if (grown !== 0) await entitlements.consume({ orgId, claims: { "quota:credit": -grown } });
      });
      if (granted !== times) throw new Error(`${times} units were granted, but ${granted} are counted.`);
    },
  };
}
