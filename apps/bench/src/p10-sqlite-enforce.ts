import { byCallers, createMutex, turnsOf } from "./callers.ts";
import { organisations } from "./organisations.ts";
import { type Line, type Question, speedLines, timed } from "./question.ts";
import { type Candidate, faster, type Pace, sandwich } from "./sandwich.ts";
import { type Application, createApplication, limited } from "./sqlite/application.ts";
import { insertBetweenAwaits, limitedInsert, plainInsert } from "./sqlite/by-hand.ts";
import { type DatabaseFile, makeFile, type Synchronous, seedRows, settledRows } from "./sqlite/file.ts";
import { shares } from "./sqlite/shares.ts";

const ROWS_EACH = 10;
const CALLERS = 20;

/** Organisations take turns, so that a slice adds a row or two to what each of them counts. */
const ORGANISATIONS = 1_000;
const MOST = 2 * ORGANISATIONS;

const WAITING =
  "20 callers: waiting by hand costs next to nothing, since a synchronous transaction on one connection meets nobody; only callers who share one commit could be faster than it";

export const sqliteEnforce: Question = {
  name: "p10-sqlite-enforce",
  asks: "enforce with one INSERT on an SQLite file, beside the same INSERT by hand in BEGIN IMMEDIATE … COMMIT (ratio: speed against it)",
  async answer(pace) {
    const file = makeFile();
    const orgIds = organisations(ORGANISATIONS);
    seedRows(file.host, orgIds, ROWS_EACH);
    const application = createApplication(file.path);
    try {
      await limited(application, orgIds);
      const lines = [
        ...(await oneCaller(file, orgIds, pace, "normal")),
        ...(await manyCallers(file, orgIds, pace)),
        ...(await oneCaller(file, orgIds, pace, "full")),
      ];
      return { lines, notes: [await whereTimeGoes(file, orgIds), WAITING] };
    } finally {
      await application.close();
      file.remove();
    }
  },
};

/** One caller, who waits for each before the next. */
async function oneCaller(
  file: DatabaseFile,
  orgIds: readonly string[],
  pace: Pace,
  synchronous: Synchronous,
): Promise<readonly Line[]> {
  const application = createApplication(file.path, synchronous);
  const insert = plainInsert(file.open(synchronous));
  const limitedByHand = limitedInsert(file.open(synchronous));
  const candidate = candidates(file, orgIds, `1 caller, ${synchronous.toUpperCase()}`, 1);
  const result = await sandwich(
    candidate("INSERT by hand", async (orgId) => insert(orgId)),
    [
      candidate("enforce", application.enforce),
      candidate("limit, count, INSERT by hand", async (orgId) => limitedByHand(orgId)),
    ],
    pace,
    MOST,
  );
  await application.close();
  // The goal is about the setting that leaves the disk out of it.
  return withRival(result, synchronous === "normal" ? 0.7 : null);
}

/** Twenty callers who all wait. By hand they stand in a line for one connection. */
async function manyCallers(file: DatabaseFile, orgIds: readonly string[], pace: Pace): Promise<readonly Line[]> {
  const application = createApplication(file.path);
  const inLine = createMutex();
  const insert = plainInsert(file.open());
  const limitedByHand = limitedInsert(file.open());
  const own = turnsOf(Array.from({ length: CALLERS }, () => insertBetweenAwaits(file.open())));
  const candidate = candidates(file, orgIds, `${CALLERS} callers, NORMAL`, CALLERS);
  const result = await sandwich(
    candidate("INSERT by hand, in line", (orgId) => inLine(() => insert(orgId))),
    [
      candidate("enforce", application.enforce),
      candidate("limit, count, INSERT by hand, in line", (orgId) => inLine(() => limitedByHand(orgId))),
      {
        ...candidate("INSERT by hand, 20 connections, tried again while busy", application.enforce),
        // Each caller has a connection of its own.
        run: async (times) => {
          let next = 0;
          await byCallers(CALLERS, CALLERS, async (caller) => {
            while (next < times) await own(caller)(turnsOf(orgIds)(next++));
          });
        },
      },
    ],
    pace,
    MOST,
  );
  await application.close();
  return withRival(result, 1.5);
}

/** The lines, and one more: how fast `enforce` is beside the transaction by hand that limits as well. */
function withRival(result: Awaited<ReturnType<typeof sandwich>>, bound: number | null): readonly Line[] {
  const [enforce, rival] = result.subjects;
  if (enforce === undefined || rival === undefined) throw new Error("Both were to be measured.");
  const lines = speedLines(result, bound === null ? {} : { [enforce.name]: bound });
  return [
    ...lines,
    {
      ...timed(enforce, { what: `${enforce.name} ÷ ${rival.name}` }),
      value: null,
      cpu: null,
      ratio: faster(enforce, rival),
    },
  ];
}

function candidates(file: DatabaseFile, orgIds: readonly string[], setting: string, callers: number) {
  const orgOf = turnsOf(orgIds);
  const settle = settledRows(file.host);
  return (name: string, work: (orgId: string) => Promise<void>): Candidate => ({
    name: `${setting}: ${name}`,
    run: (times) => byCallers(callers, times, (index) => work(orgOf(index))),
    settle,
  });
}

/** What one enforcement is made of, in a slice of its own with a clock around each statement. */
async function whereTimeGoes(file: DatabaseFile, orgIds: readonly string[]): Promise<string> {
  const { tell, told } = shares();
  const application: Application = createApplication(file.path, "normal", tell);
  const orgOf = turnsOf(orgIds);
  const settle = settledRows(file.host);
  const round = async (times: number): Promise<number> => {
    const began = performance.now();
    for (let index = 0; index < times; index++) await application.enforce(orgOf(index));
    const ms = performance.now() - began;
    await settle(times);
    return ms;
  };
  await round(MOST);
  told();
  const ms = await round(MOST);
  await application.close();
  return `one enforcement, NORMAL, with a clock around each statement: ${told({ times: MOST, ms })}`;
}
