import { createAsyncScope } from "./async-scope.ts";
import { ConfigurationError } from "./errors.ts";

/** A call of the SDK that is under way, and the one whose function made it. */
interface OpenCall {
  readonly adapter: object;
  readonly outer: OpenCall | undefined;
  /** Reads change nothing, so several may run at once in one transaction. */
  readonly reads: boolean;
  open: boolean;
  /** What is to be told once the outermost transaction has been committed. */
  news: (() => void)[];
}

/** How a call is made. */
interface Making<Tx> {
  readonly adapter: object;
  readonly tx?: Tx | undefined;
  readonly reads?: boolean;
}

export interface Within<Tx> {
  /** Runs the work of the call inside its transaction; again where it has to be repeated. */
  enter<T>(tx: Tx, work: () => Promise<T>): Promise<T>;
  /** Keeps what is to be told until the outermost transaction of ours has been committed; forgotten where that is the caller's. */
  afterCommit(news: () => void): void;
}

const calls = createAsyncScope<OpenCall>();
/** The calls that are open in each transaction, the outermost first. */
const openIn = new WeakMap<object, Set<OpenCall>>();

/**
 * Makes one call of the SDK. Throws a `ConfigurationError` where the call would wait for itself (made inside another's
 * function without its `tx`), or would mix its savepoint with that of another call in the same `tx`.
 */
export async function nested<Tx, T>(
  { adapter, tx, reads = false }: Making<Tx>,
  run: (within: Within<Tx>) => Promise<T>,
): Promise<T> {
  const outer = calls.current();
  if (tx === undefined) refuseWithoutTx(adapter, outer);
  else refuseOverlap(tx, outer, reads);

  const call: OpenCall = { adapter, outer, reads, open: true, news: [] };
  const siblings = tx === undefined ? undefined : callsIn(tx);
  const parent = siblings && [...siblings].findLast((other) => !other.reads);
  siblings?.add(call);
  try {
    const result = await run({
      async enter(transaction, work) {
        call.news = [];
        const within = callsIn(transaction).add(call);
        try {
          const done = await calls.run(call, work);
          refuseUnfinished(within, call);
          return done;
        } finally {
          if (within !== siblings) within.delete(call);
        }
      },
      afterCommit: (news) => call.news.push(news),
    });
    if (tx === undefined) for (const tell of call.news) tell();
    else parent?.news.push(...call.news);
    return result;
  } finally {
    // Work that the host left running may use the SDK again once this call is over.
    call.open = false;
    siblings?.delete(call);
  }
}

/** Runs what must not be taken for a part of the call that it came from. */
export function outsideOfCalls<T>(work: () => T): T {
  return calls.run(undefined, work);
}

/**
 * Whether the code that asks runs inside the function of an open call on an adapter that `matches`: then it must not wait
 * for the end of that call. `reads` tells the calls that hold no lock. Always false where the runtime has no async context.
 */
export function isWithinCall(matches: (adapter: object, reads: boolean) => boolean): boolean {
  return around(calls.current(), (call) => call.open && matches(call.adapter, call.reads));
}

function callsIn(tx: unknown): Set<OpenCall> {
  // The transaction of postgres.js is a function.
  if ((typeof tx !== "object" && typeof tx !== "function") || tx === null) return new Set();
  const known = openIn.get(tx) ?? new Set();
  openIn.set(tx, known);
  return known;
}

function refuseWithoutTx(adapter: object, outer: OpenCall | undefined): void {
  if (!around(outer, (call) => call.open && call.adapter === adapter)) return;
  throw new ConfigurationError(
    "This call was made inside a function that runs in a transaction of the SDK already, so it would wait for itself or need a second connection. " +
      "Pass on the `tx` that the function was given, or ask for all claims at once with `claims`.",
  );
}

function refuseOverlap(tx: unknown, outer: OpenCall | undefined, reads: boolean): void {
  if (!calls.detects) return;
  for (const other of callsIn(tx)) {
    if ((reads && other.reads) || around(outer, (call) => call === other)) continue;
    throw new ConfigurationError(
      "Two calls were made at once in one transaction, so undoing one would undo the other. " +
        "Await one before you start the next, or ask for all claims at once with `claims`.",
    );
  }
}

/** A call that was not awaited would go on in a transaction that has been committed, or in a savepoint that is gone. */
function refuseUnfinished(within: ReadonlySet<OpenCall>, call: OpenCall): void {
  if (within.size === 1) return;
  const all = [...within];
  // A read of another's function may have come later: it is no part of this call.
  const inner = all.some((other) => other !== call && around(other.outer, (one) => one === call));
  if (calls.detects ? !inner : all.at(-1) === call) return;
  throw new ConfigurationError(
    "The function ended before a call that it made with its `tx`, so everything was undone. Await that call.",
  );
}

function around(call: OpenCall | undefined, wanted: (call: OpenCall) => boolean): boolean {
  for (let one = call; one !== undefined; one = one.outer) if (wanted(one)) return true;
  return false;
}
