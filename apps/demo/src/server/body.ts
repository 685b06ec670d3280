import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { z } from "zod";

/** The request's JSON, checked. Throws a 400 that says what is wrong with it. */
export async function readBody<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch (cause) {
    throw new HTTPException(400, { message: "The body is not valid JSON.", cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "body";
  throw new HTTPException(400, { message: `${field}: ${issue?.message ?? "not valid"}` });
}
