/** A refusal or failure that the server explained, with the problem document as received. */
export class ProblemError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** Calls the API; resolves to the parsed body, or null where there is none. Throws a `ProblemError`. */
export async function call(method, path, body) {
  const response = await fetch(`/api${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error("The server does not answer. Is it still running?");
  });
  const text = await response.text();
  const parsed = text === "" ? null : JSON.parse(text);
  if (!response.ok) throw new ProblemError(response.status, parsed);
  return parsed;
}
