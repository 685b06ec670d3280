import { setTimeout } from "node:timers/promises";
import type { Limit } from "@x/entitlements-core";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { DemoEnvironment } from "./environment.ts";
import { deleteNewestProjects, insertProject } from "./projects.ts";

const CLIENTS = 20;
const LINE_UP_MS = 150;
const TIMEOUT_MS = 30_000;

/** What was done so that one project is left. */
interface Preparation {
  /** null: the organisation is not limited, so nothing was prepared. */
  readonly limit: Limit;
  readonly added: number;
  readonly removed: number;
}

/** How the race ended. */
interface RaceResult extends Preparation {
  readonly total: number;
  readonly created: number;
  readonly refused: number;
  readonly other: number;
  /** The status each client got; 0 where it got no answer. */
  readonly statuses: readonly number[];
  /** The first refusal, as received. */
  readonly problem: unknown;
}

/** `POST` leaves the organisation one free project, then sends twenty real requests for it to this very server. */
export function raceRoutes(entitlements: DemoEntitlements): Hono<DemoEnvironment> {
  const routes = new Hono<DemoEnvironment>();
  const running = new Set<string>();

  routes.post("/", async (c) => {
    const { id } = c.var.organisation;
    if (running.has(id)) throw new HTTPException(409, { message: "A race of this organisation is under way." });
    running.add(id);
    try {
      // The address that this request came in at, not the Host header, which anybody can make up.
      const { localAddress = "127.0.0.1", localPort } = c.env.incoming.socket;
      const host = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
      const url = `http://${host}:${localPort}/api/orgs/${id}/projects`;
      // Each client is whoever pressed the button.
      const cookie = c.req.header("Cookie") ?? "";
      const [preparation, answers] = await Promise.all([leaveOneFree(entitlements, id), race(url, cookie)]);
      return c.json(tally(preparation, answers), 200, { "Cache-Control": "no-store" });
    } finally {
      running.delete(id);
    }
  });

  return routes;
}

/**
 * Deletes the newest projects, or adds samples, until exactly one more fits; a claim of 0 takes the lock and shows the
 * count. Keeps the lock until everybody has lined up for it: a server that counted before it locks would let all in.
 */
function leaveOneFree(entitlements: DemoEntitlements, orgId: string): Promise<Preparation> {
  return entitlements.enforce(
    { orgId, claims: { "quota:project": 0 } },
    async (tx: Connection, { claims: [claim] }) => {
      await setTimeout(LINE_UP_MS);
      if (claim === undefined || claim.limit === null) return { limit: null, added: 0, removed: 0 };
      const { current, limit } = claim;
      const wanted = Math.max(0, limit - 1);
      const now = Date.now();
      // A millisecond apart, so that they are listed in this order.
      for (let number = current + 1; number <= wanted; number++)
        await insertProject(tx, orgId, {
          name: `Sample project ${number}`,
          createdAt: new Date(now - (wanted - number)),
        });
      if (current > wanted) await deleteNewestProjects(tx, orgId, current - wanted);
      return { limit, added: Math.max(0, wanted - current), removed: Math.max(0, current - wanted) };
    },
  );
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Each request that is on its way has a connection of its own. */
function race(url: string, cookie: string): Promise<readonly Answer[]> {
  return Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => post(url, cookie, { name: `Race client ${index + 1}` })),
  );
}

async function post(url: string, cookie: string, body: object): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Cookie: cookie },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: null };
  }
}

function tally(preparation: Preparation, answers: readonly Answer[]): RaceResult {
  const statuses = answers.map(({ status }) => status);
  const total = statuses.length;
  const created = statuses.filter((status) => status === 201).length;
  const refused = statuses.filter((status) => status === 402).length;
  const problem = answers.find(({ status }) => status === 402)?.body ?? null;
  return { ...preparation, total, created, refused, other: total - created - refused, statuses, problem };
}
