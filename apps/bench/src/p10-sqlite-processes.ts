import { organisations } from "./organisations.ts";
import { fact, type Line, type Question } from "./question.ts";
import { createApplication, limited } from "./sqlite/application.ts";
import { type DatabaseFile, makeFile, numberOf, seedRows, settledRows } from "./sqlite/file.ts";
import { type Did, type Processes, startProcesses, type Task } from "./sqlite/processes.ts";
import { quartiles } from "./statistics.ts";

const PROCESSES = 4;
const CALLERS = 20;
const FREE = 100;
const RACED = "raced";

export const sqliteProcesses: Question = {
  name: "p10-sqlite-processes",
  asks: `${PROCESSES} processes with ${CALLERS} callers each on one SQLite file, beside the same transaction by hand with busy_timeout`,
  async answer({ repetitions, sliceMs }) {
    // About three seconds for each side, in slices that take turns.
    const slices = Math.min(repetitions, 5);
    const ms = Math.max(sliceMs * 10, 200);
    const file = makeFile();
    const orgIds = organisations(1_000);
    seedRows(file.host, [...orgIds, RACED], 10);
    const application = createApplication(file.path);
    await limited(application, orgIds);
    // The fifth stands by, to tell what the machine does to all of them.
    const processes = await startProcesses(PROCESSES + 1, file.path);
    try {
      const enforced: Round[] = [];
      const byHand: Round[] = [];
      for (let slice = 0; slice < slices; slice++) {
        byHand.push(await round(file, processes, { work: "by-hand", callers: CALLERS, ms, orgIds }));
        enforced.push(await round(file, processes, { work: "enforce", callers: CALLERS, ms, orgIds }));
      }
      return {
        lines: [
          ...linesOf("enforce", enforced, ms, true),
          ...linesOf("by hand", byHand, ms, false),
          await overshoot(file, application, processes, ms),
        ],
        notes: [
          "an attempt at the lock is what waiting could keep the event loop with; `stood still` is for whatever reason: its own work, the disk, and too few processors for all processes (the bystander only ticks, and is let in sooner than one that works)",
          "by hand the driver waits inside the attempt (busy_timeout = 5000), so nothing else in that process runs meanwhile",
        ],
      };
    } finally {
      processes.end();
      await application.close();
      file.remove();
    }
  },
};

interface Round {
  readonly did: readonly Did[];
  readonly bystander: Did;
}

/** One slice. Throws where the rows are not those that were granted, or where anything but a refusal was thrown. */
async function round(file: DatabaseFile, processes: Processes, task: Task): Promise<Round> {
  const settle = settledRows(file.host);
  const idle: Task = { ...task, work: "idle", callers: 1 };
  const did = await processes.perform([...Array.from({ length: PROCESSES }, () => task), idle]);
  const workers = did.slice(0, PROCESSES);
  const bystander = did[PROCESSES];
  if (bystander === undefined) throw new Error("The bystander said nothing.");
  if (task.work === "enforce") {
    const [error] = workers.flatMap(({ errors }) => errors);
    if (error !== undefined) throw new Error(`A process was told ${error}`);
  }
  await settle(grantedIn(workers));
  return { did: workers, bystander };
}

function grantedIn(did: readonly Did[]): number {
  return did.reduce((sum, { granted }) => sum + granted, 0);
}

function linesOf(name: string, rounds: readonly Round[], ms: number, held: boolean): readonly Line[] {
  const all = rounds.flatMap(({ did }) => did);
  const total = (index: number): number => rounds.reduce((sum, { did }) => sum + (did[index]?.granted ?? 0), 0);
  const totals = Array.from({ length: PROCESSES }, (_, index) => total(index));
  const mean = totals.reduce((sum, one) => sum + one, 0) / PROCESSES;
  const most = (numbers: readonly number[]): number => Math.max(...numbers);
  const rate = quartiles(rounds.map(({ did }) => (grantedIn(did) * 1_000) / ms));
  return [
    { ...fact(`${name}: writes of all together`, 0, "/s"), value: rate },
    fact(`${name}: slowest process ÷ mean`, Math.min(...totals) / mean, "", held ? { at: "least", bound: 0.5 } : null),
    fact(`${name}: errors`, all.flatMap(({ errors }) => errors).length, "", held ? { at: "most", bound: 0 } : null),
    fact(
      `${name}: longest attempt at the lock`,
      most(all.map(({ longestAttempt }) => longestAttempt)),
      "ms",
      held ? { at: "most", bound: 50 } : null,
    ),
    fact(`${name}: event loop stood still, at most`, most(all.map(({ stood }) => stood)), "ms"),
    fact(`${name}: bystander stood still, at most`, most(rounds.map(({ bystander }) => bystander.stood)), "ms"),
  ];
}

/** All processes want the last units of one organisation. */
async function overshoot(
  file: DatabaseFile,
  { entitlements }: ReturnType<typeof createApplication>,
  processes: Processes,
  ms: number,
): Promise<Line> {
  const rows = (): number => numberOf(file.host, "select count(*) from project where org_id = ?", RACED);
  const limit = rows() + FREE;
  await entitlements.setLimit({ orgId: RACED, resourceType: "quota:project", limit });
  const task: Task = { work: "enforce", callers: CALLERS, ms, orgIds: [RACED] };
  const { did } = await raced(processes, task);
  const granted = grantedIn(did);
  if (rows() - (limit - FREE) !== granted) throw new Error(`${granted} were granted, but ${rows()} rows are there.`);
  const refused = did.reduce((sum, one) => sum + one.refused, 0);
  if (refused === 0) throw new Error("The limit was never reached, so nothing was raced for.");
  return fact(`race for the last ${FREE} units (${refused} refused): overshoot`, rows() - limit, "", {
    at: "most",
    bound: 0,
  });
}

async function raced(processes: Processes, task: Task): Promise<{ did: readonly Did[] }> {
  const did = await processes.perform(Array.from({ length: PROCESSES }, () => task));
  const [error] = did.flatMap(({ errors }) => errors);
  if (error !== undefined) throw new Error(`A process was told ${error}`);
  return { did };
}
