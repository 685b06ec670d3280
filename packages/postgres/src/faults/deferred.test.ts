import type pg from "pg";
import { describe, expect, it } from "vitest";
import { createApp, failureOf, insertProject } from "../fixtures/app.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** What a trigger raises, by the name of the row that it is for. */
const RAISED = [
  ["ZZ001", "a state of its own"],
  ["22012", "a division by zero"],
  ["42704", "what PostgreSQL calls an object that does not exist"],
  ["55P03", "what PostgreSQL calls a lock that was not available"],
  ["P0001", "an exception"],
  ["23505", "what PostgreSQL calls a duplicate"],
] as const;

// Fails where only constraints and exceptions are taken for the host's: a StorageError, a ConfigurationError "Your function ended the
// transaction" and a LockTimeoutError.
describe.each(["before", "at-commit"] as const)(
  "what a deferred trigger of the host's raises comes out as it is, locking %s",
  (locking) => {
    it.each(RAISED)("%s, %s, with and without an idempotency key", async (state) => {
      const { entitlements, host } = await createApp();
      await host.query(`create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'refused' using errcode = new.name; return null; end $$;
      create constraint trigger refuse after insert on project deferrable initially deferred for each row execute function refuse()`);
      const insert = (tx: pg.PoolClient) => insertProject(tx, "acme", state);
      const calls = [
        () => entitlements.enforce({ ...project, locking }, insert),
        () => entitlements.enforce({ ...project, locking, idempotencyKey: "k" }, insert),
      ];
      for (const call of calls) expect(await failureOf(call())).toMatchObject({ code: state, message: "refused" });
      expect((await host.query("select 1 from project")).rows).toEqual([]);
    });
  },
);

// Fails where a table is known by the end of its name alone: the function ran ten times, then it was a TransactionConflictError.
it.each([
  ["mine.org_idempotency", "org_idempotency_pkey"],
  ["public.legacy_org_idempotency", "legacy_org_idempotency_pkey"],
  ["mine.org_reservation", "org_reservation_key"],
])("a duplicate in %s, a table of the host's, is the host's error, and the function runs once", async (table, name) => {
  const { entitlements, host } = await createApp();
  await host.query(`drop schema if exists mine cascade; create schema mine;
    create table ${table} (id int, constraint ${name} unique (id) deferrable initially deferred); insert into ${table} values (1)`);
  let runs = 0;
  const failed = entitlements.enforce({ ...project, idempotencyKey: "k" }, async (tx) => {
    runs += 1;
    await tx.query(`insert into ${table} values (1)`);
  });
  expect(await failureOf(failed)).toMatchObject({ code: "23505" });
  expect(runs).toBe(1);
});
