import { createAsyncScope } from "./async-scope.ts";
import { ConfigurationError } from "./errors.ts";

/** A call of the SDK that is under way in this async context, and those around it. */
interface OpenCall {
  readonly adapter: object;
  readonly outer: OpenCall | undefined;
  open: boolean;
}

/** Runs the work of a call inside its transaction. */
type Enter<Tx> = <T>(tx: Tx, work: () => Promise<T>) => Promise<T>;

const calls = createAsyncScope<OpenCall>();
/** The innermost open call in each transaction. */
const innermost = new WeakMap<object, OpenCall>();

/**
 * Makes one call of the SDK. Throws a `ConfigurationError` where the call would wait for itself (made inside another's
 * function without its `tx`), or would mix its savepoint with that of another call in the same `tx`.
 */
export async function nested<Tx, T>(
  adapter: object,
  tx: Tx | undefined,
  run: (enter: Enter<Tx>) => Promise<T>,
): Promise<T> {
  const outer = calls.current();
  if (tx === undefined) refuseWithoutTx(adapter, outer);
  else refuseOverlap(tx, outer);

  const call: OpenCall = { adapter, outer, open: true };
  const before = isKey(tx) ? innermost.get(tx) : undefined;
  if (isKey(tx)) innermost.set(tx, call);
  try {
    return await run(async (entered, work) => {
      if (isKey(entered)) innermost.set(entered, call);
      const result = await calls.run(call, work);
      refuseUnfinished(entered, call);
      return result;
    });
  } finally {
    // Work that the host left running may use the SDK again once this call is over.
    call.open = false;
    if (isKey(tx) && before !== undefined) innermost.set(tx, before);
  }
}

function refuseWithoutTx(adapter: object, outer: OpenCall | undefined): void {
  if (!around(outer).some((call) => call.open && call.adapter === adapter)) return;
  throw new ConfigurationError(
    "This call was made inside a function that is enforced already, so it would wait for itself or need a second connection. " +
      "Pass on the `tx` that the function was given, or ask for all claims at once with `claims`.",
  );
}

function refuseOverlap(tx: unknown, outer: OpenCall | undefined): void {
  const other = isKey(tx) ? innermost.get(tx) : undefined;
  if (other === undefined || !other.open || !calls.detects || around(outer).includes(other)) return;
  throw new ConfigurationError(
    "Two calls were made at once in one transaction, so undoing one would undo the other. " +
      "Await one before you start the next, or ask for all claims at once with `claims`.",
  );
}

/** A call that was not awaited would go on in a transaction that has been committed, or in a savepoint that is gone. */
function refuseUnfinished(tx: unknown, call: OpenCall): void {
  const inner = isKey(tx) ? innermost.get(tx) : undefined;
  if (inner === undefined || inner === call || !inner.open) return;
  throw new ConfigurationError(
    "The function ended before a call that it made with its `tx`, so everything was undone. Await that call.",
  );
}

function around(call: OpenCall | undefined): readonly OpenCall[] {
  return call === undefined ? [] : [call, ...around(call.outer)];
}

function isKey(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
