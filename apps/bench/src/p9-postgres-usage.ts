import { makeDatabase } from "./postgres/database.ts";
import { EXPECTED_UNITS, fiftyTypes } from "./postgres/fifty-types.ts";
import { longer } from "./postgres/neighbours.ts";
import { ROUND_TRIP_MS, startNetwork } from "./postgres/network.ts";
import { listenedTo } from "./postgres/wire.ts";
import { fact, type Question, speedLines } from "./question.ts";
import { type Candidate, sandwich } from "./sandwich.ts";

export const postgresUsage: Question = {
  name: "p9-postgres-usage",
  asks: "usage() of 50 resource types (40 rows, 5 counters, 5 features) on PostgreSQL, beside 50 queries by hand (ratio: speed against them)",
  async answer(pace) {
    const database = await makeDatabase();
    const network = await startNetwork(database);
    const wire = await listenedTo(database);
    try {
      const { usage, queriedByHand } = await fiftyTypes(database);
      const reads = usage(wire.pool);
      // The first use of the tables looks at them.
      await reads();
      const trips = await wire.trips(reads);
      const near = database.pool();
      const far = database.pool({ port: network.port });
      const nearby = await sandwich(
        reading("loopback: 50 queries by hand", queriedByHand(near)),
        [reading("loopback: usage()", usage(near))],
        pace,
      );
      const overNetwork = await sandwich(
        reading(`${ROUND_TRIP_MS} ms: 50 queries by hand`, queriedByHand(far)),
        [reading(`${ROUND_TRIP_MS} ms: usage()`, usage(far))],
        longer(pace, 2),
      );
      return {
        lines: [
          fact("usage(): round trips", trips.length, "", { at: "most", bound: 2 }),
          fact("usage(): statements sent, with BEGIN and COMMIT", trips.flat().length, ""),
          ...speedLines(nearby),
          ...speedLines(overNetwork),
        ],
        notes: [database.server.name, `answered: ${trips.map((trip) => trip.join(", ")).join(" · ")}`],
      };
    } finally {
      network.close();
      await database.remove();
      await wire.close();
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
