import { type Hook, type OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { DemoEnvironment } from "./environment.ts";

const problem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), instance: z.string().optional() })
  .openapi("Problem", { description: "RFC 9457" });

/** A problem document. */
export const refused = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problem } },
});

/** What any route of an organisation may answer as well. */
export const problemResponses = {
  400: refused("The request is not valid."),
  401: refused("Without a session."),
  403: refused("Not with this role."),
  404: refused("No such organisation for this user, or nothing of that name in it."),
};

/** A JSON body, of a request or of a response. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

/** What is wrong with a request, as a 400 that names the field. */
export const refuseInvalid: Hook<unknown, DemoEnvironment, string, unknown> = (result) => {
  if (result.success) return;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "body";
  throw new HTTPException(400, { message: `${field}: ${issue?.message ?? "not valid"}` });
};

/** `GET /api/openapi.json`: what the API is, with what each route counts against. */
export function serveDocument(app: OpenAPIHono<DemoEnvironment>): void {
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Entitlements demo", version: "0.0.0" },
    servers: [{ url: "/" }],
  });
}
