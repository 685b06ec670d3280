import { type Answer, type Line, type Question, type Verdict, verdictOf } from "./question.ts";
import type { Quartiles } from "./statistics.ts";

const HEADINGS = ["", "value", "cpu", "ratio", "A/A", "goal", "verdict"] as const;

/** One question with its lines, as text. */
export function tableOf(question: Pick<Question, "name" | "asks">, { lines, notes }: Answer): string {
  const rows = [HEADINGS, ...lines.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const drawn = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`${question.name}: ${question.asks}`, ...drawn, ...notes.map((note) => `  * ${note}`)].join("\n");
}

function cellsOf(line: Line): readonly string[] {
  const { what, value, unit, cpu, ratio, noise, goal } = line;
  return [
    what,
    value === null ? "" : `${spread(value)} ${unit}`.trimEnd(),
    cpu === null ? "" : `${figure(cpu.median)} µs`,
    ratio === null ? "" : spread(ratio),
    noise === null ? "" : `${figure(noise.q1)}–${figure(noise.q3)}`,
    goal === null ? "" : `${goal.of} ${goal.at === "least" ? "≥" : "≤"} ${goal.bound}`,
    words(verdictOf(line)),
  ];
}

/** The median, and the middle half of the samples in brackets. */
function spread(value: Quartiles | number): string {
  if (typeof value === "number") return figure(value);
  return `${figure(value.median)} [${figure(value.q1)}–${figure(value.q3)}]`;
}

function words(verdict: Verdict | null): string {
  if (verdict === null) return "";
  const { met, margin, unsure } = verdict;
  const size = met ? "met" : `MISSED by ${Math.round(-margin * 100)} %`;
  return unsure ? `${size} (within the noise)` : size;
}

/** Three digits that matter. */
export function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toPrecision(3);
}
