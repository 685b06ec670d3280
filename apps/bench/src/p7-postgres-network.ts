import { organisations } from "./organisations.ts";
import { createApplication, limited } from "./postgres/application.ts";
import { insertInTransaction, limitedInsert, limitedInsertByDrizzle } from "./postgres/by-hand.ts";
import { makeDatabase, seedRows } from "./postgres/database.ts";
import { longer, ROWS_EACH } from "./postgres/neighbours.ts";
import { ROUND_TRIP_MS, startNetwork } from "./postgres/network.ts";
import { CALLERS, writersOf } from "./postgres/writers.ts";
import { fact, type Line, type Question, speedLines } from "./question.ts";
import { sandwich } from "./sandwich.ts";

const ORGANISATIONS = 1_000;
/** On one organisation, so few in a slice that the rows to count do not become much more than they were. */
const MOST_HOT = 150;

const BEFORE = 'enforce, locking: "before"';
const AT_COMMIT = 'enforce, locking: "at-commit"';
type Goals = Readonly<Record<string, number>>;

export const postgresNetwork: Question = {
  name: "p7-postgres-network",
  asks: `enforce with one INSERT on PostgreSQL over a network with a round trip of ${ROUND_TRIP_MS} ms, beside the five trips by hand (ratio: speed against them)`,
  async answer(pace) {
    const database = await makeDatabase();
    const network = await startNetwork(database);
    const pool = database.pool({ port: network.port });
    const orgIds = organisations(ORGANISATIONS);
    const near = createApplication(database.host);
    const application = createApplication(pool);
    try {
      await seedRows(database.host, [...orgIds, "hot"], ROWS_EACH);
      await limited(near, [...orgIds, "hot"]);
      const writer = await writersOf(database);
      const compared = async (where: string, of: readonly string[], most: number, goals: Goals): Promise<Line[]> => {
        const result = await sandwich(
          writer(`${where}: by hand`, of, limitedInsert(pool)),
          [
            writer(`${where}: ${BEFORE}`, of, application.enforce),
            writer(`${where}: ${AT_COMMIT}`, of, application.enforceAtCommit),
            writer(`${where}: by drizzle`, of, limitedInsertByDrizzle(pool)),
            writer(`${where}: INSERT in BEGIN … COMMIT (no limit)`, of, insertInTransaction(pool)),
          ],
          longer(pace, 3),
          most,
        );
        return speedLines(
          result,
          Object.fromEntries(Object.entries(goals).map(([name, goal]) => [`${where}: ${name}`, goal])),
        );
      };
      return {
        lines: [
          fact("what the network adds to a round trip", network.roundTripMs, "ms"),
          ...(await compared("one organisation", ["hot"], MOST_HOT, { [BEFORE]: 1.2, [AT_COMMIT]: 6 })),
          ...(await compared("1 000 organisations", orgIds, 2 * ORGANISATIONS, { [BEFORE]: 1.3 })),
        ],
        notes: [`${database.server.name}; ${CALLERS} callers, a pool of 10; the network is a process of its own`],
      };
    } finally {
      await near.close();
      await application.close();
      network.close();
      await database.remove();
    }
  },
};
