import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { requireManager } from "../access.ts";
import type { DemoAuth } from "../auth.ts";
import type { Connection } from "../database/tables.ts";
import type { DemoEnvironment } from "../environment.ts";
import type { Log } from "../log.ts";
import { json, problemResponses, refused, refuseInvalid } from "../openapi.ts";
import { type RaceAnswer, sendAtOnce } from "./clients.ts";
import { DOORS, doors } from "./doors.ts";
import { type NaiveDoors, naiveDoors } from "./naive.ts";
import { removeEndedScratch, removeScratch } from "./removal.ts";
import { LIMIT, makeScratch, type Scratch, type ScratchOptions } from "./scratch.ts";

const race = z.strictObject({ door: z.enum(DOORS), clients: z.int().min(2).max(50), protection: z.boolean() });
const count = z.int().min(0);

const outcome = race
  .extend({
    ...{ limit: count, before: count, after: count },
    ...{ granted: count, refused: count, other: count, overshoot: count },
    results: z.array(z.object({ status: z.int(), startedMs: z.number(), latencyMs: z.number() })),
  })
  .openapi("Race");

const raceRoute = createRoute({
  method: "post",
  path: "/",
  request: { params: z.object({ org: z.string() }), body: { required: true, ...json("", race) } },
  responses: {
    200: json("How real requests to this very server have raced for the last one of a scratch organisation.", outcome),
    409: refused("A race of this organisation is under way."),
    ...problemResponses,
  },
});

export interface RaceOptions extends ScratchOptions {
  readonly connection: Connection;
  readonly auth: DemoAuth;
  readonly log: Log;
}

export type RaceRoutes = Awaited<ReturnType<typeof raceRoutes>>;

/** Races for the last one of something, for those who manage the organisation, of which nothing is touched. */
export async function raceRoutes(options: RaceOptions) {
  const { connection, auth, log } = options;
  const { adapter } = await auth.$context;
  const naive = naiveDoors({ connection, adapter });
  const routes = new OpenAPIHono<DemoEnvironment>({ defaultHook: refuseInvalid });
  routes.use(requireManager);

  routes.openapi(raceRoute, async (c) => {
    const wanted = c.req.valid("json");
    await removeEndedScratch(options, connection);
    const scratch = await makeScratch(options, { ...wanted, forOrgId: c.var.organisation.id });
    if (scratch === null) throw new HTTPException(409, { message: "A race of this organisation is under way." });
    try {
      // The address that this request came in at, not the Host header, which anybody can make up.
      const { localAddress = "127.0.0.1", localPort } = c.env.incoming.socket;
      const host = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
      const { count } = doors[wanted.door];
      const before = await count(connection, scratch.id);
      const results = await run(`http://${host}:${localPort}`, naive, wanted, scratch);
      const after = await count(connection, scratch.id);
      return c.json({ ...wanted, limit: LIMIT, before, after, ...tally(results, after) }, 200, {
        "Cache-Control": "no-store",
      });
    } finally {
      // What cannot be taken away now is taken away once its time is over.
      await removeScratch(options, scratch.id).catch((error) =>
        log("error", "race.not_removed", { error: String(error) }),
      );
    }
  });

  return { routes, naive: naive.routes };
}

function run(
  origin: string,
  naive: NaiveDoors,
  { door, protection }: z.infer<typeof race>,
  scratch: Scratch,
): Promise<readonly RaceAnswer[]> {
  if (!protection) return naive.open({ door, scratch }, (requests) => sendAtOnce(origin, requests));
  const requests = scratch.clients.map((client) => doors[door].request(scratch, client));
  return sendAtOnce(
    origin,
    requests.map(({ cookie, ...request }) => ({ ...request, headers: { Cookie: cookie } })),
  );
}

function tally(results: readonly RaceAnswer[], after: number) {
  const granted = results.filter(({ status }) => status >= 200 && status < 300).length;
  const refused = results.filter(({ status }) => status === 402).length;
  const other = results.length - granted - refused;
  return { granted, refused, other, overshoot: Math.max(0, after - LIMIT), results: [...results] };
}
