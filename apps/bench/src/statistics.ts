/** Where the middle half of the samples lies, and how many there were. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly samples: number;
}

/** Throws where there is no sample. */
export function quartiles(samples: readonly number[]): Quartiles {
  const sorted = samples.toSorted((a, b) => a - b);
  return { q1: at(sorted, 0.25), median: at(sorted, 0.5), q3: at(sorted, 0.75), samples: sorted.length };
}

/** What a line between the two nearest samples says. */
function at(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error("There is no sample.");
  return below + (above - below) * (place - Math.floor(place));
}
