/** A set that forgets the oldest once it is full: for guesses that are worth remembering and cost little where they are wrong. */
export interface Recent {
  has(key: string): boolean;
  add(key: string): void;
  delete(key: string): void;
}

export function createRecent(size: number): Recent {
  const known = new Set<string>();
  return {
    has: (key) => known.has(key),
    add(key) {
      if (known.has(key)) return;
      known.add(key);
      if (known.size <= size) return;
      for (const oldest of known) {
        known.delete(oldest);
        break;
      }
    },
    delete: (key) => void known.delete(key),
  };
}
