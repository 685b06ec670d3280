import { startDeadline, type Timeouts, timeoutsFrom } from "./deadline.ts";
import { ConfigurationError } from "./errors.ts";
import { nested } from "./nesting.ts";
import { quote } from "./quote.ts";
import { assertFunction, assertSignal } from "./validation.ts";

/** How long a transaction of the host's own may wait for its turn and last, and what ends it early. */
export interface TransactionOptions extends Timeouts {
  /** Aborts the wait, or the work, which is then rolled back; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a transaction of the host's own that an adapter opens, so that calls made in it without its `tx` are refused
 * instead of waiting for it, and events of calls that joined it are told after its commit. `open` MUST keep the rules of
 * `Adapter.locked` about `signal`, commit and undoing.
 */
export function hostTransaction<Tx, T>(
  adapter: object,
  work: (tx: Tx) => T | Promise<T>,
  options: TransactionOptions = {},
  open: (signal: AbortSignal, run: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<T> {
  return nested<Tx, T>({ adapter }, async ({ enter }) => {
    assertFunction("work", work);
    if (typeof options !== "object" || options === null)
      throw new ConfigurationError(`transaction() wants its options as an object, not ${quote(options)}.`);
    const { signal, lockTimeoutMs, transactionTimeoutMs, ...unknown } = options;
    const [misspelt] = Object.keys(unknown);
    if (misspelt !== undefined)
      throw new ConfigurationError(
        `transaction() has no option ${quote(misspelt)}. It takes: signal, lockTimeoutMs, transactionTimeoutMs.`,
      );
    assertSignal(signal);
    const deadline = startDeadline(null, timeoutsFrom({ lockTimeoutMs, transactionTimeoutMs }), signal);
    try {
      return await open(deadline.signal, (tx) => {
        deadline.held();
        return enter(tx, async () => await work(tx));
      });
    } finally {
      deadline.clear();
    }
  });
}
