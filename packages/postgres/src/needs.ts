/** For how long a conflict is remembered, in milliseconds: whoever is told to run something again does so at once. */
export const NEEDED_MS = 5_000;

/** What has to be taken alone by what is run again after a conflict: once for each conflict, and not for long. */
export interface Needs {
  has(key: string): boolean;
  add(key: string): void;
  /** One of them got it. */
  met(key: string): void;
  /** It was not to be had. */
  drop(key: string): void;
}

export function createNeeds(size: number): Needs {
  /** The one that ends next comes first. */
  const needs = new Map<string, { readonly times: number; readonly until: number }>();

  function forgetOld(): void {
    const now = performance.now();
    for (const [key, { until }] of needs) {
      if (until > now && needs.size <= size) return;
      needs.delete(key);
    }
  }

  return {
    has: (key) => (needs.get(key)?.until ?? 0) > performance.now(),
    add(key) {
      const times = (needs.get(key)?.times ?? 0) + 1;
      // To the end of the line.
      needs.delete(key);
      needs.set(key, { times, until: performance.now() + NEEDED_MS });
      forgetOld();
    },
    met(key) {
      const need = needs.get(key);
      if (need === undefined) return;
      if (need.times > 1) needs.set(key, { ...need, times: need.times - 1 });
      else needs.delete(key);
    },
    drop: (key) => void needs.delete(key),
  };
}
