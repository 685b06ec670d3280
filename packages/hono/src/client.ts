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
 * Receives the body before the lock is taken: read inside it, a slow client would keep everybody else waiting. It can be
 * read as before afterwards, by `c.req` and by `c.req.raw`.
 */
export async function receiveBody(c: Context): Promise<void> {
  const { raw } = c.req;
  if (raw.method === "GET" || raw.method === "HEAD" || raw.bodyUsed) return;
  const body = await c.req.arrayBuffer();
  c.req.raw = new Request(raw, { body });
}

/** What nobody reads any more, for the log alone: nginx's "client closed request". */
export function clientHasGone(): Response {
  return new Response(null, { status: 499 });
}
