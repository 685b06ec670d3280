import { setTimeout as sleep } from "node:timers/promises";
import { isLimitReachedError, isStorageError } from "@x/entitlements-core/errors";
import { type Server, startPostgres } from "@x/entitlements-test-servers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { both, createApp, expectExact, insertProject, numberOf } from "../fixtures/app.ts";

let server: Server;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server?.remove());

const ORGANISATIONS = ["acme", "globex", "initech"];
const CALLERS = 20;
const CALLS_EACH = 8;
const LIMIT = 40;

describe("a server that crashes and comes back under load", () => {
  // Fails where a broken COMMIT is reported as rolled back or its result is kept apart from the write: a repeated call then
  // writes twice. Fails where pg.ts leaves `error` events alone: they end the process.
  it("lets nothing through but typed errors, and every call that is repeated is written exactly once", async () => {
    const app = await createApp({ url: server.url() });
    const entitlements = app.connect(app.open({ max: 8 }));
    for (const orgId of ORGANISATIONS)
      await entitlements.setLimit({ orgId, resourceType: "quota:project", limit: LIMIT });
    const account = { granted: 0, refused: 0, rolledBack: 0, unknown: 0, hosts: 0 };
    const grantedTo: Record<string, number> = {};
    /** What the host's own statements failed with: that is rethrown as it is. */
    const hosts = new WeakSet<object>();

    const tryOnce = async (orgId: string, idempotencyKey: string): Promise<"granted" | "refused" | "failed"> => {
      try {
        await entitlements.enforce({ ...both, orgId, idempotencyKey }, async (tx) => {
          await insertProject(tx, orgId, idempotencyKey).catch((error: unknown) => {
            hosts.add(Object(error));
            throw error;
          });
          return null;
        });
        return "granted";
      } catch (error) {
        if (isLimitReachedError(error)) {
          expect(error.current).toBe(LIMIT);
          return "refused";
        }
        if (hosts.has(Object(error))) account.hosts += 1;
        else if (isStorageError(error)) account[error.outcome === "unknown" ? "unknown" : "rolledBack"] += 1;
        else throw error;
        return "failed";
      }
    };
    const caller = async (index: number): Promise<void> => {
      for (let call = 0; call < CALLS_EACH; call++) {
        const orgId = ORGANISATIONS[(index + call) % ORGANISATIONS.length] ?? "";
        for (;;) {
          const end = await tryOnce(orgId, `${index}-${call}`);
          if (end !== "failed") {
            account[end] += 1;
            if (end === "granted") grantedTo[orgId] = (grantedTo[orgId] ?? 0) + 1;
            break;
          }
          // The server is being started again.
          await sleep(20);
        }
      }
    };
    const crash = async (after: number): Promise<void> => {
      while (account.granted < after) await sleep(1);
      await server.stop("immediate");
      await server.start();
    };
    const crashes = crash(20).then(() => crash(70));
    await Promise.all([crashes, ...Array.from({ length: CALLERS }, (_, index) => caller(index))]);

    expect(account.granted + account.refused).toBe(CALLERS * CALLS_EACH);
    expect(account.rolledBack).toBeGreaterThan(0);
    // The host's own connection went with the first crash.
    const host = new pg.Client(app.url);
    await host.connect();
    const after = { ...app, host };
    expect(await numberOf(after.host, "select count(*) - count(distinct name) from project")).toBe(0);
    for (const orgId of ORGANISATIONS) {
      expect(grantedTo[orgId]).toBe(LIMIT);
      await after.entitlements.setLimit({ orgId, resourceType: "quota:project", limit: LIMIT + 1 });
      await expectExact(after, LIMIT, orgId);
    }
    await host.end();
  });
});
