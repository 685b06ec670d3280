import { organisations } from "./organisations.ts";
import { createApplication, limited } from "./postgres/application.ts";
import { insertInTransaction, limitedInsert, plainInsert } from "./postgres/by-hand.ts";
import { makeDatabase, seedRows } from "./postgres/database.ts";
import { longer, ROWS_EACH } from "./postgres/neighbours.ts";
import { CALLERS, writersOf } from "./postgres/writers.ts";
import { type Question, speedLines } from "./question.ts";
import { type Candidate, sandwich } from "./sandwich.ts";

const ORGANISATIONS = 1_000;

const ROWS = "enforce, limited by rows";
const COUNTER = "enforce, limited by a counter";

export const postgresInsert: Question = {
  name: "p3-postgres-insert",
  asks: "enforce with one INSERT on PostgreSQL, 1 000 organisations, beside the same INSERT in BEGIN … COMMIT without any limit (ratio: speed against it)",
  async answer(pace) {
    const database = await makeDatabase();
    const pool = database.pool();
    const application = createApplication(pool);
    const orgIds = organisations(ORGANISATIONS);
    try {
      await seedRows(database.host, orgIds, ROWS_EACH);
      await limited(application, orgIds);
      const writer = await writersOf(database);
      const counted = tallied(writer(COUNTER, orgIds, application.enforceCounter));
      const result = await sandwich(
        writer("INSERT in BEGIN … COMMIT", orgIds, insertInTransaction(pool)),
        [
          writer(ROWS, orgIds, application.enforce),
          counted.candidate,
          writer("by hand: BEGIN, lock, count, INSERT, COMMIT", orgIds, limitedInsert(pool)),
          writer("INSERT", orgIds, plainInsert(pool)),
        ],
        longer(pace, 3),
        2 * ORGANISATIONS,
      );
      let units = 0;
      for (const orgId of orgIds)
        units += (await application.entitlements.check({ orgId, resourceType: "quota:credit" })).current;
      if (units !== counted.granted())
        throw new Error(`${counted.granted()} units were granted, but ${units} are counted.`);
      return {
        lines: speedLines(result, { [ROWS]: 0.6, [COUNTER]: 0.75 }),
        notes: [
          `${database.server.name}; ${CALLERS} callers, a pool of 10`,
          `the counter's units, which no slice takes back, are those of all its grants: ${units}`,
        ],
      };
    } finally {
      await application.close();
      await database.remove();
    }
  },
};

/** The same candidate, and how much it was granted in all slices. */
function tallied(candidate: Candidate): { readonly candidate: Candidate; granted(): number } {
  let granted = 0;
  return {
    granted: () => granted,
    candidate: {
      ...candidate,
      async settle(times) {
        granted += times;
        await candidate.settle(times);
      },
    },
  };
}
