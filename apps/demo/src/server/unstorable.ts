import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";

/**
 * PostgreSQL has no text with the character U+0000. better-auth would pass it on and answer with a 500, so it is refused for every
 * database at the door.
 */
export const refuseNul: MiddlewareHandler = async (c, next) => {
  // As text: what better-auth reads of a body is not known here. A backslash of its own in front makes it six plain characters.
  const body = c.req.raw.body === null ? "" : await c.req.raw.clone().text();
  if (/(?<!\\)(?:\\\\)*\\u0000|%00|\0/i.test(`${c.req.url} ${body}`))
    throw new HTTPException(400, { message: "The character U+0000 cannot be stored." });
  await next();
};
