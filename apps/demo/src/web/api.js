/** A refusal or failure that the server explained, with the problem document as received. */
export class ProblemError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.message);
    this.status = status;
    this.problem = problem;
  }
}

/** Calls better-auth, whose refusals of its own have a `message` where problems have a `detail`. */
export function auth(method, path, body) {
  return call(method, `/auth/${path}`, body);
}

/** Calls the API; resolves to the parsed body, or null where there is none. Throws a `ProblemError` or an `Error`. */
export async function call(method, path, body) {
  const { status, ok, text } = await send(method, path, body).catch(() => {
    throw new Error("The server does not answer. Is it still running?");
  });
  const parsed = parse(text);
  if (ok && parsed !== undefined) return parsed;
  if (typeof (parsed?.detail ?? parsed?.message) === "string") throw new ProblemError(status, parsed);
  throw new Error(`The server could not answer (${status}).`);
}

async function send(method, path, body) {
  const response = await fetch(`/api${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: response.status, ok: response.ok, text: await response.text() };
}

/** undefined: no JSON, such as the error page of a proxy. */
function parse(text) {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
