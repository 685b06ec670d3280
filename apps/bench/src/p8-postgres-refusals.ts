import { isLimitReachedError } from "@x/entitlements-core/errors";
import { organisations } from "./organisations.ts";
import { createApplication, limited } from "./postgres/application.ts";
import { makeDatabase, seedRows } from "./postgres/database.ts";
import { longer, ROWS_EACH } from "./postgres/neighbours.ts";
import { CALLERS, writersOf } from "./postgres/writers.ts";
import { type Line, type Question, speedLines } from "./question.ts";
import { sandwich } from "./sandwich.ts";

const ORGANISATIONS = 1_000;
/** On one organisation, so few in a slice that the rows to count do not become much more than they were. */
const MOST_HOT = 150;

export const postgresRefusals: Question = {
  name: "p8-postgres-refusals",
  asks: "enforce of organisations that are full on PostgreSQL, beside enforcements that are granted (ratio: speed against them)",
  async answer(pace) {
    const database = await makeDatabase();
    const application = createApplication(database.pool());
    const free = organisations(ORGANISATIONS, "free");
    const full = organisations(ORGANISATIONS, "full");
    try {
      await seedRows(database.host, [...free, ...full], ROWS_EACH);
      await limited(application, free);
      await limited(application, full, ROWS_EACH);
      const writer = await writersOf(database);
      const compared = async (where: string, count: number, most: number): Promise<Line[]> => {
        const refused = `${where}: refused`;
        const result = await sandwich(
          writer(`${where}: granted`, free.slice(0, count), application.enforce),
          [writer(refused, full.slice(0, count), (orgId) => refusal(application.enforce(orgId)), "none")],
          longer(pace, 3),
          most,
        );
        return speedLines(result, { [refused]: 1.5 });
      };
      return {
        lines: [
          ...(await compared("1 000 organisations", ORGANISATIONS, 2 * ORGANISATIONS)),
          ...(await compared("one organisation", 1, MOST_HOT)),
        ],
        notes: [`${database.server.name}; ${CALLERS} callers, a pool of 10`],
      };
    } finally {
      await application.close();
      await database.remove();
    }
  },
};

/** Rejects where it is granted, or fails otherwise. */
async function refusal(enforced: Promise<void>): Promise<void> {
  try {
    await enforced;
  } catch (error) {
    if (isLimitReachedError(error)) return;
    throw error;
  }
  throw new Error("An organisation that is full was granted one more.");
}
