import type { Socket } from "node:net";

/** One direction of a connection: what enters first leaves first, each piece after its delay. */
export interface Lane {
  send(bytes: Buffer): void;
  /** Half-closes the other side after what is under way. */
  end(): void;
  /** Forgets what is under way. */
  close(): void;
}

export function createLane(to: Socket, delayMs: () => number): Lane {
  const underWay: { readonly due: number; readonly bytes: Buffer | null }[] = [];
  let lastDue = 0;
  let cancel: (() => void) | undefined;

  const deliver = (): void => {
    cancel = undefined;
    const now = performance.now();
    for (let next = underWay[0]; next && next.due <= now; next = underWay[0]) {
      underWay.shift();
      if (to.destroyed) continue;
      if (next.bytes) to.write(next.bytes);
      else to.end();
    }
    wait();
  };
  const wait = (): void => {
    const next = underWay[0];
    if (!next || cancel) return;
    const left = next.due - performance.now();
    // A timer knows whole milliseconds only and comes late by up to one: the rest is waited for turn by turn.
    if (left >= 2) {
      const timer = setTimeout(deliver, Math.floor(left) - 1);
      cancel = () => clearTimeout(timer);
    } else {
      const turn = setImmediate(deliver);
      cancel = () => clearImmediate(turn);
    }
  };
  const enter = (bytes: Buffer | null): void => {
    const delay = delayMs();
    // A delay that was shortened must not let a later piece overtake.
    lastDue = Math.max(lastDue, performance.now() + delay);
    underWay.push({ due: lastDue, bytes });
    if (delay === 0 && underWay.length === 1) deliver();
    else wait();
  };
  return {
    send: enter,
    end: () => enter(null),
    close() {
      cancel?.();
      underWay.length = 0;
    },
  };
}
