/** Does it so many times, with so many callers who each wait for their own before they want the next. */
export async function byCallers(
  callers: number,
  times: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** What people write to have asynchronous work done one after the other, first come first served. */
export function createMutex(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

/** Goes round in a list. */
export function turnsOf<T>(list: readonly T[]): (index: number) => T {
  return (index) => {
    const one = list[index % list.length];
    if (one === undefined) throw new Error("The list is empty.");
    return one;
  };
}
