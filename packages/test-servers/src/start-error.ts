/** A server could not be started. The message says why and what to do, and ends with the tail of the server's log. */
export class ServerStartError extends Error {
  override readonly name = "ServerStartError";
  /** The last lines that the server or initdb wrote, empty if it wrote none. */
  readonly log: string;

  constructor(problem: string, { log = "", cause }: { log?: string; cause?: unknown } = {}) {
    const tail = log.trimEnd().split("\n").slice(-20).join("\n");
    super(tail ? `${problem}\n${tail}` : problem, { cause });
    this.log = tail;
  }
}
