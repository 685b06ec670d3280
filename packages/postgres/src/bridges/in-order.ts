const lines = new WeakMap<object, Promise<unknown>>();

/** Runs what is asked of one object one after the other, in the order in which it was asked. */
export function inOrder<T>(object: object, work: () => Promise<T>): Promise<T> {
  const before = lines.get(object) ?? Promise.resolve();
  const mine = before.then(work);
  lines.set(
    object,
    mine.catch(() => {}),
  );
  return mine;
}
