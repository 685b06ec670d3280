import { parseArgs } from "node:util";
import { stopBenchServer } from "./postgres/server.ts";
import type { Answer, Question } from "./question.ts";
import { questions } from "./questions.ts";
import { keep, load, machine } from "./results.ts";
import type { Pace } from "./sandwich.ts";
import { tableOf } from "./table.ts";

const FULL: Pace = { repetitions: 15, sliceMs: 60, warmUpMs: 300 };
/** To see that everything runs; the numbers mean little. */
const QUICK: Pace = { repetitions: 3, sliceMs: 4, warmUpMs: 10 };

const USAGE = `bench [--quick] [--out file.json] [question …]

Questions, each of which may be named by its start (p10 is every one about P10):
${questions.map(({ name, asks }) => `  ${name.padEnd(27)} ${asks}`).join("\n")}
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const chosen = chosenBy(positionals.map((name) => name.toLowerCase()));
  const pace = values.quick ? QUICK : FULL;
  const measuredAt = new Date().toISOString();
  const before = load();
  const { node, processors } = machine();
  say(
    `Node ${node}, ${processors}, load ${before.toFixed(1)}${values.quick ? ", --quick: the numbers mean little" : ""}\n`,
  );
  const answered: (Pick<Question, "name" | "asks"> & Answer)[] = [];
  try {
    for (const question of chosen) {
      const answer = await question.answer(pace);
      say(`${tableOf(question, answer)}\n`);
      answered.push({ name: question.name, asks: question.asks, ...answer });
    }
  } finally {
    await stopBenchServer();
  }
  const after = load();
  const results = { measuredAt, node, processors, load: { before, after }, pace, questions: answered };
  const file = keep(results, values.out);
  say(`Load at the end ${after.toFixed(1)}. The numbers are in ${file}`);
}

function chosenBy(names: readonly string[]): readonly Question[] {
  for (const name of names) {
    if (!questions.some((question) => isMeantBy(name, question)))
      throw new Error(`There is no question ${JSON.stringify(name)}.\n\n${USAGE}`);
  }
  return questions.filter((question) => names.length === 0 || names.some((start) => isMeantBy(start, question)));
}

/** By its start: `p1` is not `p10`. */
function isMeantBy(start: string, { name }: Question): boolean {
  return name.startsWith(start) && !/^\d/.test(name.slice(start.length));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
