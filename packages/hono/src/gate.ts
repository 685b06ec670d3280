import { ConfigurationError, type EnforceRequest, TransactionConflictError } from "@x/entitlements-core";
import type { Context, Next } from "hono";
import { clientHasGone, receiveBody, whileWaiting } from "./client.ts";
import { thrownFor } from "./entitlement-exception.ts";
import type { Enforcing, GateOptions } from "./gate-options.ts";
import { forgetBodyHeaders, headersSoFar, takeBackResponse } from "./response.ts";

/** Undoes the transaction of a handler whose answer, not an error, says that it failed. */
const UNDO = new Error("The handler's answer says that it failed.");

/** Where the context keeps the open transaction of each instance. */
const slots = new WeakMap<object, symbol>();

/**
 * Runs `next` inside the enforcing transaction. Afterwards the context has the handler's own response, and that has been
 * committed or, where it is a failure, undone; else this throws, and no response is left behind.
 */
export async function passGate<Tx, T extends string>(
  c: Context,
  entitlements: Enforcing<Tx, T>,
  options: GateOptions<Tx, T, Context>,
  next: Next,
): Promise<void> {
  const request = await asked(c, entitlements, options);
  const waiting = whileWaiting(c.req.raw.signal);
  let before: Headers | undefined;
  /** What made us undo the transaction, and whether Hono has made an answer of it already. */
  let failure: { readonly error: unknown; readonly answered: boolean } | undefined;

  async function handle(): Promise<void> {
    const { error } = c;
    try {
      await next();
    } catch (thrown) {
      failure = { error: thrown, answered: false };
      throw thrown;
    }
    // The error itself, not a sign of ours: behind it may be a conflict that the adapter recognises.
    if (c.error !== error && c.error !== undefined) failure = { error: c.error, answered: true };
    // Without any response Hono is going to answer 500.
    else if (!c.finalized || c.res.status >= 400) failure = { error: UNDO, answered: true };
    if (failure !== undefined) throw failure.error;
  }

  try {
    await receiveBody(c, waiting);
    await entitlements.enforce({ ...request, signal: waiting.signal }, async (tx, grant) => {
      if (before !== undefined) throw new TransactionConflictError(RUN_ALREADY);
      before = headersSoFar(c);
      // A handler that has begun is left to finish: to break it off costs its connection.
      waiting.over();
      await withVariables(c, { tx, grant, [slotOf(entitlements)]: tx }, handle);
    });
  } catch (error) {
    if (failure !== undefined && error === failure.error) {
      if (failure.answered) return;
      throw error;
    }
    if (before !== undefined) takeBackResponse(c, before);
    else if (waiting.signal.aborted && error === waiting.signal.reason) {
      c.res = clientHasGone();
      return;
    }
    const thrown = thrownFor(error, { instance: c.req.path, type: options.problemType });
    if (thrown !== error) forgetBodyHeaders(c);
    throw thrown;
  } finally {
    waiting.over();
  }
}

const RUN_ALREADY =
  "The transaction of a request met another one after its handler had run, and a handler is not run twice. " +
  "Everything was undone; the request can be sent again.";

/** What is asked of `enforce`. Inside another gate of the same instance it joins the transaction of that one. */
async function asked<Tx, T extends string>(
  c: Context,
  entitlements: Enforcing<Tx, T>,
  options: GateOptions<Tx, T, Context>,
): Promise<EnforceRequest<Tx, T> & { readonly idempotencyKey?: undefined }> {
  const { orgId, when, locking } = options;
  const tx: Tx | undefined = c.get(slotOf(entitlements));
  const common = {
    orgId: await orgId(c),
    tx,
    when: when && (async (inside: Tx) => answered(await when(c, inside))),
    locking: tx === undefined ? locking : undefined,
  };
  const { resourceType, amount, claims } = options;
  if (resourceType !== undefined) {
    return { ...common, resourceType, amount: typeof amount === "function" ? amount(c) : amount };
  }
  if (claims === undefined) throw new ConfigurationError("A gate wants either a `resourceType` or `claims`.");
  return { ...common, claims: typeof claims === "function" ? claims(c) : claims };
}

/** What `when` says. Anything else is a fault of the host's, of which a client must not be told that its request is wrong. */
function answered(answer: boolean): boolean {
  if (typeof answer === "boolean") return answer;
  throw new ConfigurationError("The `when` of a gate must answer true or false.");
}

/** Sets variables of the context while `run` runs; afterwards they are what they were. */
async function withVariables(
  c: Context,
  variables: Readonly<Record<string | symbol, unknown>>,
  run: () => Promise<void>,
): Promise<void> {
  const outer = Reflect.ownKeys(variables).map((name) => [name, c.get(name)] as const);
  for (const [name] of outer) c.set(name, variables[name]);
  try {
    await run();
  } finally {
    for (const [name, value] of outer) c.set(name, value);
  }
}

function slotOf(entitlements: object): symbol {
  const slot = slots.get(entitlements) ?? Symbol("open transaction");
  slots.set(entitlements, slot);
  return slot;
}
