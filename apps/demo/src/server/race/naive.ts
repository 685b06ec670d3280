import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { DemoEnvironment } from "../environment.ts";
import { notFound, problem } from "../problems.ts";
import { type Door, type DoorName, type DoorRequest, doors, type Unguarded } from "./doors.ts";
import { LIMIT, type Scratch } from "./scratch.ts";

const PATH = "/api/race-lab/naive";
const TOKEN_HEADER = "X-Race-Token";

/** What the product does not do: it counts, then inserts. */
export interface NaiveDoors {
  /** For nobody but a race: whoever does not know the token of one finds nothing. */
  readonly routes: Hono<DemoEnvironment>;
  /** Runs `race` while the door is open to it. */
  open<T>(run: NaiveRun, race: (requests: readonly NaiveRequest[]) => Promise<T>): Promise<T>;
}

interface NaiveRun {
  readonly door: DoorName;
  readonly scratch: Scratch;
}

type NaiveRequest = Omit<DoorRequest, "cookie"> & { readonly headers: Readonly<Record<string, string>> };

export function naiveDoors(unguarded: Unguarded): NaiveDoors {
  const runs = new Map<string, NaiveRun>();
  const routes = new Hono<DemoEnvironment>();

  // Of every method, so that a wrong one tells no more than a wrong token.
  routes.all(`${PATH}/:client`, async (c) => {
    const run = runs.get(c.req.header(TOKEN_HEADER) ?? "");
    const client = run?.scratch.clients[Number(c.req.param("client"))];
    if (run === undefined || client === undefined) return notFound(c);
    const { count, write }: Door = doors[run.door];
    if ((await count(unguarded.connection, run.scratch.id)) >= LIMIT) return problem(402, "Full.", c.req.path);
    await write(unguarded, run.scratch, client);
    return c.body(null, 201);
  });

  return {
    routes,
    async open(run, race) {
      const token = randomBytes(24).toString("base64url");
      runs.set(token, run);
      try {
        const headers = { [TOKEN_HEADER]: token };
        return await race(run.scratch.clients.map((_, index) => ({ path: `${PATH}/${index}`, headers, body: {} })));
      } finally {
        runs.delete(token);
      }
    },
  };
}
