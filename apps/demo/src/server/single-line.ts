import { z } from "@hono/zod-openapi";

/**
 * One line of text for people, of which something can be seen. Control characters and halves of surrogate pairs could not be
 * stored unchanged.
 */
export function singleLine(maxLength: number) {
  return (
    z
      .string()
      .trim()
      .min(1)
      .max(maxLength)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must be a single line of text")
      // An expression of its own: both in one would take quadratic time.
      .regex(/[^\p{C}\p{Z}]/u, "must be a text that can be seen")
  );
}
