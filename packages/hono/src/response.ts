import type { Context } from "hono";

/** Headers that belong to one body: those of an earlier one would speak wrongly of a problem document. */
const OF_A_BODY = [
  "Cache-Control",
  "Content-Encoding",
  "Content-Length",
  "Content-Type",
  "ETag",
  "Last-Modified",
  "Retry-After",
];

/** The headers that have been set so far, copied. */
export function headersSoFar(c: Context): Headers {
  return new Headers(c.newResponse(null).headers);
}

/** Makes room for a problem document: what was said of another body is forgotten. */
export function forgetBodyHeaders(c: Context): void {
  for (const name of OF_A_BODY) c.header(name, undefined);
}

/**
 * Takes back what a handler answered, with its headers: Hono would put a `Location` or a cookie of it into whatever is
 * answered instead. What was there before the handler stays, such as the headers of CORS.
 */
export function takeBackResponse(c: Context, before: Headers): void {
  const answer = c.finalized ? c.res : undefined;
  c.res = undefined;
  c.res = new Response(null, { headers: before });
  c.finalized = false;
  // A handler's c.status(201) would be the status of an answer that does not say its own.
  c.status(500);
  // So that whoever writes a stream hears that nobody reads it. One that is being read already cannot be cancelled.
  answer?.body?.cancel().catch(() => undefined);
}
