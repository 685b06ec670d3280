import { type Quartiles, quartiles } from "./statistics.ts";

/** Something that is done many times and compared with something else. */
export interface Candidate {
  readonly name: string;
  /** Does it so many times. */
  run(times: number): Promise<void>;
  /** Throws where what is stored now is not what was granted, then puts back what was there before. Not timed. */
  settle(times: number): Promise<void>;
}

export interface Pace {
  /** How often each candidate is measured. */
  readonly repetitions: number;
  /** How long one measurement lasts, about. */
  readonly sliceMs: number;
  /** How long a candidate is warmed up. */
  readonly warmUpMs: number;
}

/** Time for one of many, in microseconds. */
export interface Timing {
  readonly name: string;
  /** Of the clock. */
  readonly each: Quartiles;
  /** Of this process's processors: what other work on the machine disturbs least. Waiting for the disk is not in it. */
  readonly cpu: Quartiles;
}

export interface Compared extends Timing {
  /** By repetition: the time of its two neighbouring baselines divided by its own. */
  readonly speeds: readonly number[];
}

export interface Comparison {
  readonly baseline: Timing;
  readonly subjects: readonly Compared[];
  /** Each baseline's time divided by the next one's: how far apart two measurements of the same thing lie here. */
  readonly noise: Quartiles;
}

interface Slice {
  readonly each: number;
  readonly cpu: number;
}

interface Series {
  readonly candidate: Candidate;
  readonly times: number;
  readonly slices: Slice[];
}

/**
 * Measures each subject between two slices of the baseline, so that what slows the whole machine down for a while slows
 * down both. `most`: how many times a slice may hold at most, where doing it often changes what is measured.
 */
export async function sandwich(
  baseline: Candidate,
  subjects: readonly Candidate[],
  pace: Pace,
  most = Number.POSITIVE_INFINITY,
): Promise<Comparison> {
  const base = await warmedUp(baseline, pace, most);
  const others: (Series & { readonly speeds: number[] })[] = [];
  for (const subject of subjects) others.push({ ...(await warmedUp(subject, pace, most)), speeds: [] });
  const noise: number[] = [];
  for (let repetition = 0; repetition < pace.repetitions; repetition++) {
    let before = await measured(base);
    for (const other of others) {
      const slice = await measured(other);
      const after = await measured(base);
      other.speeds.push(Math.sqrt(before.each * after.each) / slice.each);
      noise.push(before.each / after.each);
      before = after;
    }
  }
  return {
    baseline: timing(base),
    subjects: others.map((other) => ({ ...timing(other), speeds: other.speeds })),
    noise: quartiles(noise),
  };
}

/** How much faster one subject is than another, by repetition, each beside its own baselines. */
export function faster(subject: Compared, than: Compared): Quartiles {
  return quartiles(subject.speeds.map((speed, repetition) => speed / (than.speeds[repetition] ?? Number.NaN)));
}

/** Runs it until it runs as it always will, and finds how many times fill a slice. */
async function warmedUp(candidate: Candidate, pace: Pace, most: number): Promise<Series> {
  const began = performance.now();
  for (let times = 1; ; times = Math.min(times * 2, most)) {
    const { each } = await sliceOf(candidate, times);
    if (performance.now() - began < pace.warmUpMs) continue;
    const fill = Math.round((pace.sliceMs * 1_000) / each);
    return { candidate, times: Math.max(1, Math.min(fill, most)), slices: [] };
  }
}

async function measured({ candidate, times, slices }: Series): Promise<Slice> {
  const slice = await sliceOf(candidate, times);
  slices.push(slice);
  return slice;
}

async function sliceOf(candidate: Candidate, times: number): Promise<Slice> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await candidate.run(times);
  const each = ((performance.now() - began) * 1_000) / times;
  const { user, system } = process.cpuUsage(cpu);
  await candidate.settle(times);
  return { each, cpu: (user + system) / times };
}

function timing({ candidate, slices }: Series): Timing {
  return {
    name: candidate.name,
    each: quartiles(slices.map(({ each }) => each)),
    cpu: quartiles(slices.map(({ cpu }) => cpu)),
  };
}
