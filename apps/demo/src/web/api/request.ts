import * as z from "zod/mini";

/** A refusal or failure that the server explained, or that no answer came. `problem` is the document as received. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** null where there was no answer at all. */
  readonly status: number | null;
  /** Where the kit looks for a refusal. */
  readonly problem: unknown;

  constructor(message: string, status: number | null, problem: unknown = null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.problem = problem;
  }
}

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
}

/** What is answered is of no interest, only that it went well. */
export const nothing = z.unknown();

// better-auth's refusals have a `message` where problems have a `detail`.
const explained = z.object({ detail: z.optional(z.string()), message: z.optional(z.string()) });

/** Calls the API; resolves to the body as the schema has it. Throws an `ApiError`. */
export async function request<T>(
  path: string,
  schema: z.ZodMiniType<T>,
  { method = "GET", body }: Call = {},
): Promise<T> {
  const response = await send(path, method, body);
  const answer = parse(await response.text());
  if (!response.ok) {
    tellOfLostAccess(path, response.status);
    throw new ApiError(explain(response, answer), response.status, answer);
  }
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new ApiError("The server's answer could not be read.", response.status, null, { cause: read.error });
}

async function send(path: string, method: string, body: unknown): Promise<Response> {
  const content =
    body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    return await fetch(path, { method, ...content });
  } catch (cause) {
    throw new ApiError("The server does not answer. Check your connection and try again.", null, null, { cause });
  }
}

/** null where there is no JSON, such as in the error page of a proxy. */
function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function explain(response: Response, answer: unknown): string {
  if (response.status === 429) {
    const seconds = Number(response.headers.get("Retry-After") ?? response.headers.get("X-Retry-After"));
    return `Too many attempts. Try again ${seconds > 0 ? `in ${Math.ceil(seconds)} seconds` : "later"}.`;
  }
  // What went wrong inside is the server's business.
  if (response.status >= 500) return "The server could not answer. Try again in a moment.";
  const { detail, message } = explained.safeParse(answer).data ?? {};
  return detail ?? message ?? `The server refused (${response.status}).`;
}

type Listener = (status: number) => void;
const listeners = new Set<Listener>();

/** Calls back with 401 when nobody is signed in any more, with 403 or 404 when somebody may see less than they thought. */
export function onAccessLost(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tellOfLostAccess(path: string, status: number): void {
  // A wrong password is no end of a session.
  const isSignedOut = status === 401 && !path.startsWith("/api/auth/sign-");
  const isShutOut = (status === 403 || status === 404) && path.startsWith("/api/orgs/");
  if (isSignedOut || isShutOut) for (const listener of listeners) listener(status);
}

/** What to say of a failure. */
export function failureText(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong. Try again.";
}

/** A mistake of the request's own stays one when it is repeated. */
export function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === null || error.status >= 500;
}
