/** For how many statements something is kept, the oldest dropped first. */
const KEPT = 100;

/** What is made once for a statement and used again. */
export interface Kept<T> {
  of(sql: string): T;
  clear(): void;
}

export function createKept<T>(make: (sql: string) => T): Kept<T> {
  const kept = new Map<string, T>();
  return {
    of(sql) {
      const found = kept.get(sql);
      if (found !== undefined) return found;
      const made = make(sql);
      const [oldest] = kept.keys();
      if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(sql, made);
      return made;
    },
    clear: () => kept.clear(),
  };
}
