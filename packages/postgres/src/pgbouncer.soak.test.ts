import { testAdapter } from "@x/entitlements-core/testing";
import type pg from "pg";
import { expect, test } from "vitest";
import { callerTransactions } from "./fixtures/cases/caller-transactions.ts";
import { firstLock } from "./fixtures/cases/first-lock.ts";
import { isolation } from "./fixtures/cases/isolation.ts";
import { sharedAnchors } from "./fixtures/cases/shared-anchors.ts";
import { underTest } from "./fixtures/host.ts";
import { onPg } from "./fixtures/pg.ts";
import { rowsAlone } from "./fixtures/rows-alone.ts";
import { runCases } from "./fixtures/run-cases.ts";
import { onScene, ORG as orgId } from "./fixtures/scene.ts";
import { POOL_SIZE, withPgBouncer } from "./fixtures/with-pgbouncer.ts";

withPgBouncer((route) => {
  testAdapter(rowsAlone(underTest({ ...onPg, open: (url) => onPg.open(route(url)) })));

  runCases("what PostgreSQL alone has", [...firstLock, ...isolation, ...sharedAnchors, ...callerTransactions], () => ({
    route,
    settings: { lockTimeoutMs: 2_000 },
  }));

  test("many clients share few sessions, and one client's transactions run in several", async () => {
    await onScene({ route }, async ({ one, two, insert }) => {
      await one.setLimit({ orgId, resourceType: "quota:item", limit: 1_000 });
      const sessions = new Map<pg.PoolClient, Set<unknown>>();
      await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          (index % 2 === 0 ? one : two).enforce(
            { orgId: `org_${index % 20}`, claims: { "quota:item": 1 } },
            async (tx) => {
              const { rows } = await tx.query("select pg_backend_pid() as pid");
              sessions.set(tx, (sessions.get(tx) ?? new Set()).add(rows[0].pid));
              await insert(tx);
            },
          ),
        ),
      );
      const all = new Set([...sessions.values()].flatMap((pids) => [...pids]));
      expect(sessions.size).toBeGreaterThan(POOL_SIZE);
      expect(all.size).toBeLessThanOrEqual(POOL_SIZE);
      expect(Math.max(...[...sessions.values()].map(({ size }) => size))).toBeGreaterThan(1);
    });
  });

  test("a transaction leaves no setting behind in the session that the next client gets", async () => {
    await onScene({ route, settings: { lockTimeoutMs: 1_234 } }, async ({ one, transaction }) => {
      const settings = async (): Promise<unknown> =>
        transaction(async (tx) => {
          const { rows } = await tx.query(
            "select current_setting('lock_timeout') as wait, coalesce(current_setting('entitlements.lock_timeout', true), '') as kept",
          );
          return rows[0];
        });
      const before = await settings();
      await one.consume({ orgId, resourceType: "quota:credit" });
      await transaction((tx) => one.consume({ orgId, resourceType: "quota:credit", tx }));
      for (let looked = 0; looked < 2 * POOL_SIZE; looked++) expect(await settings()).toEqual(before);
    });
  });
});
