import type { Compared, Comparison, Pace, Timing } from "./sandwich.ts";
import { type Quartiles, quartiles } from "./statistics.ts";

/** What is to be reached, as performance.md says. */
export interface Goal {
  readonly at: "least" | "most";
  readonly bound: number;
  /** Which column it is about. */
  readonly of: "value" | "ratio";
}

/** One line of the table. */
export interface Line {
  readonly what: string;
  readonly value: Quartiles | number | null;
  readonly unit: string;
  /** Processor time for one, in microseconds. */
  readonly cpu: Quartiles | null;
  /** Against the baseline; what it means is said in `what` or in the question. */
  readonly ratio: Quartiles | null;
  /** How far two measurements of the baseline lie apart. */
  readonly noise: Quartiles | null;
  readonly goal: Goal | null;
}

export interface Answer {
  readonly lines: readonly Line[];
  /** What explains the lines, above all those that miss a goal. */
  readonly notes: readonly string[];
}

export interface Question {
  /** As on the command line; starts with the goal's number in performance.md. */
  readonly name: string;
  readonly asks: string;
  /** Rejects where something that must hold on every machine does not: a count that is wrong, an error. */
  answer(pace: Pace): Promise<Answer>;
}

/** A line about something that was timed, and how it compares. */
export function timed(timing: Timing, more: Partial<Pick<Line, "what" | "ratio" | "noise" | "goal">> = {}): Line {
  return {
    what: timing.name,
    value: timing.each,
    unit: "µs",
    cpu: timing.cpu,
    ratio: null,
    noise: null,
    goal: null,
    ...more,
  };
}

/** A line about a plain number. */
export function fact(what: string, value: number, unit: string, goal: Omit<Goal, "of"> | null = null): Line {
  return {
    ...{ what, value, unit, cpu: null, ratio: null, noise: null },
    goal: goal === null ? null : { ...goal, of: "value" },
  };
}

/** The baseline's line, then one for each subject with its speed as a part of the baseline's. */
export function speedLines(
  { baseline, subjects, noise }: Comparison,
  goals: Readonly<Record<string, number>> = {},
): Line[] {
  const goalOf = ({ name }: Compared): Goal | null => {
    const bound = goals[name];
    return bound === undefined ? null : { at: "least", bound, of: "ratio" };
  };
  return [
    timed(baseline, { noise }),
    ...subjects.map((subject) => timed(subject, { ratio: quartiles(subject.speeds), goal: goalOf(subject) })),
  ];
}

/** How a line stands to its goal; null where it has none. */
export interface Verdict {
  readonly met: boolean;
  /** How far it is beyond (positive) or short of (negative) the bound, as a part of the bound. */
  readonly margin: number;
  /** Whether the middle half of the samples lies on both sides of the bound: measure again on a quieter machine. */
  readonly unsure: boolean;
}

export function verdictOf({ goal, value, ratio }: Line): Verdict | null {
  const measured = goal?.of === "ratio" ? ratio : value;
  if (goal === null || measured === null) return null;
  const { q1, median, q3 } = typeof measured === "number" ? quartiles([measured]) : measured;
  const passes = (number: number): boolean => (goal.at === "least" ? number >= goal.bound : number <= goal.bound);
  const beyond = goal.at === "least" ? median - goal.bound : goal.bound - median;
  return { met: passes(median), margin: beyond / goal.bound, unsure: passes(q1) !== passes(q3) };
}
