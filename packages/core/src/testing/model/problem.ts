import type { Done } from "./calls.ts";
import { findOrder } from "./order.ts";

/** What is wrong with a history that was played, to be read; null where nothing is. */
export function problemOf(lanes: readonly (readonly Done[])[]): string | null {
  const { found, followed, state, stuck } = findOrder(lanes);
  if (found) return null;
  return [
    "What happened is possible in no sequential order:",
    ...lanes.flatMap((lane, index) => [` ${titleOf(index, lanes.length)}`, ...lane.map(line)]),
    "The longest order that can be followed:",
    ...followed.map(line),
    ` which leads to ${JSON.stringify(state)}`,
    "None of these can come next:",
    ...stuck.map(line),
  ].join("\n");
}

function titleOf(index: number, lanes: number): string {
  if (index === 0) return "first, alone:";
  return index === lanes - 1 ? "last, alone:" : `lane ${index}, by instance ${index % 2 === 1 ? "one" : "two"}:`;
}

/** Numbers count beginnings and endings: `3–7` was under way while `5–6` was. */
function line({ call, particulars, outcome, from, to, inner }: Done): string {
  const { does, ...rest } = call;
  const shown = "calls" in rest ? { ...rest, calls: rest.calls.length } : rest;
  const { which, ...about } = {
    which: null,
    ...shown,
    ...(does === "confirm" || does === "release" ? particulars.hold : {}),
  };
  const within = inner.map((one) => `\n  ${line(one)}`).join("");
  return `  ${from}–${to} #${particulars.number} ${does} ${JSON.stringify(about)} → ${JSON.stringify(outcome)}${within}`;
}
