import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

const TIMEOUT_MS = 15_000;

/** One request of a client's. */
export interface RaceRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** How it went. */
export interface RaceAnswer {
  /** 0 where there was no answer. */
  readonly status: number;
  /** After the start of the race, in milliseconds. */
  readonly startedMs: number;
  readonly latencyMs: number;
}

/** Sends all of them at once, each on a connection of its own. */
export async function sendAtOnce(origin: string, requests: readonly RaceRequest[]): Promise<readonly RaceAnswer[]> {
  const agents = requests.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  try {
    // Everybody is connected before the first one sends: it is no race of handshakes.
    await Promise.all(agents.map((agent) => send(agent, new URL("/healthz", origin), "GET", {}, "")));
    const start = performance.now();
    return await Promise.all(
      requests.map(async ({ path, headers, body }, index): Promise<RaceAnswer> => {
        const startedMs = performance.now() - start;
        const sent = { Origin: origin, "Content-Type": "application/json", ...headers };
        const status = await send(agents[index], new URL(path, origin), "POST", sent, JSON.stringify(body));
        return { status, startedMs, latencyMs: performance.now() - start - startedMs };
      }),
    );
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

function send(
  agent: Agent | undefined,
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number> {
  return new Promise((resolve) => {
    const noAnswer = () => resolve(0);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(url, { agent, method, headers, signal }, (response) => {
      text(response).then(() => resolve(response.statusCode ?? 0), noAnswer);
    });
    sent.on("error", noAnswer);
    sent.end(body);
  });
}
