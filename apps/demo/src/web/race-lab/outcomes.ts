import type { Race } from "./race.ts";

export const OUTCOMES = {
  granted: "granted",
  over: "over the limit",
  refused: "refused",
  other: "failed",
} as const;

type Outcome = keyof typeof OUTCOMES;

/** One request, as it is drawn. */
export interface Lane {
  readonly outcome: Outcome;
  readonly status: number;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** The requests in the order in which they were answered. What was granted after the last free unit had gone is over the limit. */
export function lanesOf({ results, limit, before }: Race): readonly Lane[] {
  let free = Math.max(0, limit - before);
  return results
    .map(({ status, startedMs, latencyMs }) => ({ status, startedMs, endedMs: startedMs + latencyMs }))
    .toSorted((a, b) => a.endedMs - b.endedMs)
    .map((lane) => ({ ...lane, outcome: outcomeOf(lane.status) }));

  function outcomeOf(status: number): Outcome {
    if (status === 402) return "refused";
    if (status < 200 || status > 299) return "other";
    free -= 1;
    return free < 0 ? "over" : "granted";
  }
}

/** The end of the time axis: a round number of milliseconds that holds every request of these races. */
export function axisEnd(races: readonly Race[]): number {
  const last = Math.max(1, ...races.flatMap(({ results }) => results.map((r) => r.startedMs + r.latencyMs)));
  const magnitude = 10 ** Math.floor(Math.log10(last));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * magnitude).find((end) => end >= last) ?? last;
}

/** The latency, in milliseconds, that this share of the requests did not exceed. */
export function latencyAt(share: number, { results }: Race): number {
  const sorted = results.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}
