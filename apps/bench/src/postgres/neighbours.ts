import { type Answer, type Line, speedLines, timed } from "../question.ts";
import { type Compared, type Comparison, faster, type Pace, sandwich } from "../sandwich.ts";
import { createApplication, limited } from "./application.ts";
import * as byHand from "./by-hand.ts";
import { makeDatabase, seedRows } from "./database.ts";
import { CALLERS, writersOf } from "./writers.ts";

export const ROWS_EACH = 10;
const BY_HAND = "by hand: BEGIN, lock, count, INSERT, COMMIT";
const DRIZZLE = "the same by drizzle";
const ENFORCE = "enforce";

/** `enforce` with one INSERT beside everything that people do instead, by organisations in turn. */
export async function besideNeighbours(
  pace: Pace,
  orgIds: readonly string[],
  most: number,
  goals: { readonly byHand: number; readonly drizzle: number },
): Promise<Answer> {
  const database = await makeDatabase();
  const pool = database.pool();
  const application = createApplication(pool);
  try {
    await seedRows(database.host, orgIds, ROWS_EACH);
    await limited(application, orgIds);
    const rateLimited = await byHand.rateLimitedInsert(pool);
    const writer = await writersOf(database);
    const result = await sandwich(
      writer(BY_HAND, orgIds, byHand.limitedInsert(pool)),
      [
        writer(ENFORCE, orgIds, application.enforce),
        writer(DRIZZLE, orgIds, byHand.limitedInsertByDrizzle(pool)),
        writer("by hand with prepared statements", orgIds, byHand.preparedLimitedInsert(pool)),
        writer("rate-limiter-flexible, then INSERT (not atomic)", orgIds, rateLimited),
        writer("INSERT in BEGIN … COMMIT (no limit)", orgIds, byHand.insertInTransaction(pool)),
        writer("INSERT (no limit)", orgIds, byHand.plainInsert(pool)),
      ],
      longer(pace, 2),
      most,
    );
    return {
      lines: [
        ...speedLines(result, { [ENFORCE]: goals.byHand }),
        against(result, ENFORCE, DRIZZLE, goals.drizzle),
        against(result, ENFORCE, "by hand with prepared statements", null),
      ],
      notes: [`${database.server.name}; ${CALLERS} callers, a pool of 10, ${ROWS_EACH} rows to count`],
    };
  } finally {
    await application.close();
    await database.remove();
  }
}

/**
 * A commit that waits for the disk is too slow for as short a slice as in memory, and code that mostly waits takes long to
 * have run often enough to be compiled well.
 */
export function longer(pace: Pace, times: number): Pace {
  return { ...pace, sliceMs: pace.sliceMs * times, warmUpMs: pace.warmUpMs * 5 };
}

/** How fast one subject is beside another. */
function against({ subjects }: Comparison, name: string, rival: string, bound: number | null): Line {
  const subject = named(subjects, name);
  return {
    ...timed(subject, { what: `${name} ÷ ${rival}` }),
    value: null,
    cpu: null,
    ratio: faster(subject, named(subjects, rival)),
    goal: bound === null ? null : { at: "least", bound, of: "ratio" },
  };
}

function named(subjects: readonly Compared[], name: string): Compared {
  const found = subjects.find((subject) => subject.name === name);
  if (found === undefined) throw new Error(`${name} was not measured.`);
  return found;
}
