import { byCallers } from "./callers.ts";
import { counters, FEW, growth, MANY } from "./growth.ts";
import { organisations } from "./organisations.ts";
import { createApplication, limited } from "./postgres/application.ts";
import { type ByHand, limitedInsert } from "./postgres/by-hand.ts";
import { makeDatabase, seedRows, settledRows } from "./postgres/database.ts";
import { longer } from "./postgres/neighbours.ts";
import type { Question } from "./question.ts";
import type { Candidate } from "./sandwich.ts";

/** Organisations take turns, so that what is used hardly moves during a slice. */
const ORGANISATIONS = 100;
const CALLERS = 10;

const few = organisations(ORGANISATIONS, "few");
const many = organisations(ORGANISATIONS, "many");

export const postgresCounterGrowth: Question = {
  name: "p6-postgres-counter-growth",
  asks: `what a counter enforcement costs at ${MANY} units used on PostgreSQL, beside the same at ${FEW} units (ratio: time against it)`,
  async answer(pace) {
    const database = await makeDatabase();
    const pool = database.pool();
    const application = createApplication(pool);
    const { entitlements } = application;
    try {
      await limited(application, [...few, ...many]);
      await seedRows(database.host, ["few"], FEW);
      await seedRows(database.host, ["many"], MANY);
      const settle = await settledRows(database.host);
      const byHand = (work: ByHand, orgId: string): Candidate => ({
        name: "by hand: BEGIN, lock, count(*), INSERT, COMMIT",
        run: (times) => byCallers(CALLERS, times, () => work(orgId)),
        settle,
      });
      const counting = limitedInsert(pool);
      const lines = [
        ...(await growth(
          await counters("enforce, limited by a counter", entitlements, few, FEW, CALLERS),
          await counters("enforce, limited by a counter", entitlements, many, MANY, CALLERS),
          longer(pace, 2),
          4 * ORGANISATIONS,
          1.15,
        )),
        ...(await growth(byHand(counting, "few"), byHand(counting, "many"), pace, 50, null)),
      ];
      return {
        lines,
        notes: [
          `${database.server.name}; ${CALLERS} callers`,
          "a kept counter is one row; count(*) reads every row of the organisation",
        ],
      };
    } finally {
      await application.close();
      await database.remove();
    }
  },
};
