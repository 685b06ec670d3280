import { fact, type Question, speedLines } from "./question.ts";
import { type Candidate, sandwich } from "./sandwich.ts";
import { fiftyTypes } from "./sqlite/fifty-types.ts";
import { shortened } from "./sqlite/shares.ts";

export const sqliteUsage: Question = {
  name: "p9-sqlite-usage",
  asks: "usage() of 50 resource types (40 rows, 5 counters, 5 features) on SQLite, beside 50 queries by hand (ratio: speed against them)",
  async answer(pace) {
    const { usage, queriedByHand, sent, remove } = await fiftyTypes();
    try {
      const statements = await sent(usage);
      const queries = statements.filter((sql) => sql.startsWith("select"));
      const result = await sandwich(reading("50 queries by hand", queriedByHand), [reading("usage()", usage)], pace);
      return {
        lines: [
          fact("usage(): queries sent", queries.length, "", { at: "most", bound: 2 }),
          fact("usage(): statements sent, with BEGIN and COMMIT", statements.length, ""),
          ...speedLines(result),
        ],
        notes: [
          `sent: ${statements.map(shortened).join("; ")}`,
          "there is no network in between here, which is what fewer queries save; each of the 50 is prepared and kept by hand",
        ],
      };
    } finally {
      await remove();
    }
  },
};

function reading(name: string, read: () => Promise<number>): Candidate {
  return {
    name,
    run: async (times) => {
      for (let index = 0; index < times; index++) await read();
    },
    // Nothing is written; what is read must stay the same.
    settle: async () => {
      const units = await read();
      if (units !== EXPECTED_UNITS) throw new Error(`${name} counted ${units} units instead of ${EXPECTED_UNITS}.`);
    },
  };
}

/** 40 types with 10 rows each, 5 counters at 3. */
const EXPECTED_UNITS = 40 * 10 + 5 * 3;
