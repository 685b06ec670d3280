import type { Context } from "hono";

export interface Waiting {
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** From now on the client may go, and nothing is aborted. */
  over(): void;
}

/** Follows the client while its request waits. */
export function whileWaiting(client: AbortSignal): Waiting {
  const waiting = new AbortController();
  const follow = (): void => waiting.abort(client.reason);
  if (client.aborted) follow();
  else client.addEventListener("abort", follow, { once: true });
  return { signal: waiting.signal, over: () => client.removeEventListener("abort", follow) };
}

/**
 * Receives the body before the lock is taken: read inside it, a slow client would keep everybody else waiting. Afterwards
 * it can be read as before, by `c.req` and by `c.req.raw`. Throws the signal's reason where the client goes away meanwhile.
 */
export async function receiveBody(c: Context, { signal }: Waiting): Promise<void> {
  const { raw } = c.req;
  if (raw.method === "GET" || raw.method === "HEAD" || raw.bodyUsed) return;
  try {
    const body = await c.req.arrayBuffer();
    if (body.byteLength > 0) c.req.raw = new Request(raw, { body });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** What nobody reads any more, for the log alone: nginx's "client closed request". */
export function clientHasGone(): Response {
  return new Response(null, { status: 499 });
}
