import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isPaymentRequiredError } from "../errors.ts";
import type { World } from "./harness.ts";

/** Starts `callers` calls at once and sorts their outcomes. Anything but a grant or a refusal fails the case. */
export async function race<T>(
  callers: number,
  call: (index: number) => Promise<T>,
): Promise<{ granted: readonly T[]; refused: number }> {
  const outcomes = await Promise.allSettled(Array.from({ length: callers }, (_, index) => call(index)));
  const granted: T[] = [];
  let refused = 0;
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") granted.push(outcome.value);
    else if (isPaymentRequiredError(outcome.reason)) refused += 1;
    else throw outcome.reason;
  }
  return { granted, refused };
}

/** Makes one thing of the host's under enforcement, leaving the others time to interfere between count and write. */
export function create<Tx>({ orgId, host, either }: World<Tx>, index = 0): Promise<void> {
  return either(index).enforce({ orgId, resourceType: "quota:item" }, async (tx) => {
    await tick();
    await host.insert(tx, orgId);
    await tick();
  });
}

/** Lets everything run that is ready to. */
export function tick(): Promise<void> {
  return sleep(0);
}

/** A door that code waits at until somebody opens it. */
export interface Door {
  /** Resolves when somebody has come to the door. */
  readonly reached: Promise<void>;
  /** Comes to the door and waits until it is open. */
  pass(): Promise<void>;
  open(): void;
}

export function door(): Door {
  let arrive = (): void => {};
  let open = (): void => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    reached,
    pass: () => {
      arrive();
      return opened;
    },
    open: () => open(),
  };
}

/** Fails when the call settles although somebody else still holds the lock. 50 ms is many times what a call takes. */
export async function assertWaits(call: Promise<unknown>): Promise<void> {
  const settled = call.then(
    () => "settled",
    () => "settled",
  );
  assert.equal(
    await Promise.race([settled, sleep(50, "waits")]),
    "waits",
    "did not wait for the one who holds the lock",
  );
}

/** A call that is awaited later. Should the case fail before that, its outcome is nobody's business any more. */
export function inBackground<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {});
  return call;
}
