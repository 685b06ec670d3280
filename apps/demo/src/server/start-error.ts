import type { Settings } from "./settings.ts";

/** Why the demo cannot start: one line for a person, which says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The line for why nothing can listen there; null for what is not foreseen. */
export function explainListen(error: unknown, { port, host }: Settings): string | null {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `Port ${port} is taken by another program. Stop that program, or choose another port: PORT=${port < 65_535 ? port + 1 : 3000}.`;
    case "EACCES":
      return `Port ${port} may not be used by this user. Choose one above 1023: PORT=3000.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine. Leave HOST out, or set it to an address of this machine.`;
    default:
      return null;
  }
}

/**
 * Runs a part of the start. What it fails with becomes a `StartError` where `explain` has a line for it; anything that is not
 * foreseen stays as it is, with its stack.
 */
export async function explained<T>(part: () => Promise<T>, explain: (error: unknown) => string | null): Promise<T> {
  try {
    return await part();
  } catch (error) {
    const line = error instanceof StartError ? null : explain(error);
    throw line === null ? error : new StartError(line, { cause: error });
  }
}

/** The code of an error of Node's or of a driver's. */
export function codeOf(error: unknown): string | null {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : null;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
