import { counter, createEntitlements, feature, rows } from "@x/entitlements-core";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresAdapter } from "./adapter.ts";
import { fromPg } from "./bridges/pg.ts";
import { startsAgain } from "./fixtures/cases/shared-anchors.ts";
import { freshDatabase } from "./fixtures/fresh-database.ts";
import { changing } from "./fixtures/mutation.ts";
import { onPg } from "./fixtures/pg.ts";

/** As no other text is written, and with a quote. */
const ORG = "the org's id";
const LITERAL = "'the org''s id'";

/** What names no organisation, and why it need not. */
const EXEMPT: readonly (readonly [why: string, pattern: RegExp])[] = [
  [
    "begins and ends transactions",
    /^(begin isolation level (read committed read write|repeatable read read only)|commit|rollback)$/,
  ],
  ["savepoints", /^(savepoint|rollback to savepoint|release savepoint) entitlements_(\d+|guess|transaction)$/],
  [
    "settings of the transaction",
    /^(set local ((lock|statement)_timeout (= \d+|to default)|role '\w+')|set constraints all immediate|select current_setting\('(transaction_isolation|search_path)'\) as [\s\S]*|select set_config\('((entitlements\.)?lock_timeout|role)', (?![\s\S]*\bfrom\b)[\s\S]*)$/,
  ],
  ["asks the catalog about tables", /^select (\(to_regclass\(|\(to_regnamespace\(|\(host\.relkind)/],
  [
    "the version of our tables",
    /^select (coalesce\(max\(version\), 0\)::text as version from "public"\."entitlements_migration"|\(select max\(version\) from "public"\."entitlements_migration"\) as version)$/,
  ],
  ["plans a count and runs nothing", /^explain select /],
  ["makes our tables", /^(create (table|unique index|index) |insert into "public"\."entitlements_migration" )/],
  [
    "operators' lists of organisations and of types",
    /^select distinct (org_id|resource_type) from "public"\."org_entitlement"/,
  ],
];

/** What distributed PostgreSQLs, poolers or strict roles do not have. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["advisory locks", /advisory/i],
  ["LISTEN and NOTIFY", /\b(listen|notify|unlisten)\b/i],
  ["sequences", /\b(nextval|currval|setval|serial|bigserial|generated)\b/i],
  [
    "functions, triggers and rules of ours",
    /\b(create\s+(or\s+replace\s+)?(function|procedure|trigger|rule|type|extension)|do\s+\$)/i,
  ],
  ["LOCK TABLE", /\block\s+(table|only|")/i],
  [
    "settings that outlive the transaction",
    /^\s*(set\s+(?!local\b|constraints\b)|reset\b|discard\b)|set_config\([^()]*(\([^()]*\)[^()]*)*,\s*false\s*\)/i,
  ],
  ["prepared statements, cursors and temporary tables", /\b(prepare|deallocate|declare|temp|temporary)\b/i],
  ["two-phase commits", /prepared/i],
  ["skipping of locked rows", /\bskip\s+locked\b/i],
];

const sent: string[] = [];
const messages: (readonly string[])[] = [];
let end = async (): Promise<void> => {};

/** Everything that the SDK can be asked, each with the outcomes that send statements of their own. */
async function everything(pool: pg.Pool): Promise<void> {
  const record = changing((run) => (statements) => {
    sent.push(...statements);
    messages.push(statements);
    return run(statements);
  });
  const open = () =>
    createEntitlements({
      adapter: postgresAdapter(record(fromPg<pg.PoolClient>(pool))),
      resources: {
        "quota:item": rows({
          label: "Items",
          table: "item",
          orgColumn: "org_id",
          where: "id > 0 and :orgId <> '' and :now > now() - interval '1 day' and :nowMs > 0",
          key: "'item:' || id",
          also: [{ table: "draft", orgColumn: "org_id", pending: true, key: "'draft:' || id" }],
        }),
        "quota:credit": counter({ label: "Credits" }),
        "feature:switch": feature({ label: "Switch" }),
      },
    });
  const [one, two] = [open(), open()];
  const item = { orgId: ORG, resourceType: "quota:item" } as const;
  const credit = { orgId: ORG, resourceType: "quota:credit" } as const;
  const ignore = (): void => {};
  await one.migrate();
  await one.doctor();
  const atCommit = async (): Promise<void> => {
    const late = { orgId: ORG, claims: { "quota:item": 1, "quota:credit": 1 }, locking: "at-commit" } as const;
    await one.enforce(late, ignore);
    await one.enforce({ ...late, idempotencyKey: "late" }, ignore);
    const unlimited = { ...item, locking: "at-commit" } as const;
    await one.enforce(unlimited, ignore);
    await one.enforce(unlimited, async () => two.setLimit({ ...credit, limit: 1 })).catch(ignore);
    await one.enforce(unlimited, ignore);
    await two.setLimit({ ...item, limit: 0 });
    await one.enforce(unlimited, ignore).catch(ignore);
  };
  const round = async (tx?: pg.PoolClient): Promise<void> => {
    await one.enforce({ ...item, tx }, (inner) =>
      inner.query("insert into item (org_id) values ($1)", [ORG]).then(ignore),
    );
    await one.enforce({ ...item, tx }, ignore);
    await one.consume({ ...credit, tx, amount: 2, idempotencyKey: "k" });
    await one.consume({ ...credit, tx, amount: 2, idempotencyKey: "k" });
    await one.consume({ orgId: ORG, tx, claims: { "quota:credit": -1, "feature:switch": 1 } });
    await one.setLimit({ ...item, tx, limit: 1, reason: "r", actor: "a", expiresAt: new Date(Date.now() + 60_000) });
    await one.enforce({ ...item, tx }, ignore).catch(ignore);
    await one.setLimit({ ...item, tx, limit: 9 });
    const held = await one.reserve({ ...item, tx, key: "h", covers: ["draft:1"] });
    await one.confirm({ orgId: ORG, id: held.id, tx });
    await one.reserve({ ...credit, tx, key: "h" });
    await one.release({ orgId: ORG, key: "h", tx });
    await one.check({ ...item, tx });
    await one.usage({ orgId: ORG, tx });
    await one.limits({ orgId: ORG, tx });
    await one.resolveEntitlement({ ...item, tx });
    await one.clearLimit({ ...item, tx });
    await one.enforce({ ...item, tx }, ignore);
    if (tx === undefined) {
      await two.setLimit({ ...item, limit: 0 });
      await one.enforce({ ...item }, ignore).catch(ignore);
      await two.clearLimit(item);
      await one.overLimit();
      await atCommit();
    }
    await one.forget({ orgId: ORG, tx });
  };
  await round();
  await onPg.transaction(pool, round);
}

beforeAll(async () => {
  const { url, giveBack } = await freshDatabase();
  const pool = onPg.open(url);
  end = async () => {
    await pool.end();
    giveBack();
  };
  await pool.query("create table item (id bigint generated always as identity, org_id text not null)");
  await pool.query("create table draft (id bigint generated always as identity, org_id text not null)");
  await pool.query("insert into draft (org_id) values ($1)", [ORG]);
  await everything(pool);
});
afterAll(() => end());

const isExempt = (statement: string): boolean => EXEMPT.some(([, pattern]) => pattern.test(statement));

test("every statement on stored things names the organisation, literally", () => {
  const others = [...new Set(sent.filter((statement) => !statement.includes(LITERAL) && !isExempt(statement)))];
  expect(others).toEqual([]);
});

test.each(EXEMPT)("the recorded calls made the adapter send what is exempt: %s", (_why, pattern) => {
  expect(sent.some((statement) => pattern.test(statement))).toBe(true);
});

test("each table of ours is read and written under the organisation's id", () => {
  const on = (table: string, verb: RegExp): number =>
    sent.filter((one) => one.includes(table) && verb.test(one) && one.includes(LITERAL)).length;
  for (const table of ["org_entitlement", "org_reservation", "org_idempotency"])
    expect([table, on(table, /\bselect\b/) > 0, on(table, /^(insert|update)/) > 0, on(table, /^delete/) > 0]).toEqual([
      table,
      true,
      true,
      true,
    ]);
  expect(messages.some(startsAgain)).toBe(true);
});

describe.each(FORBIDDEN)("nothing that is sent uses %s", (_what, pattern) => {
  test("in any statement", () => {
    // Texts and quoted names say nothing about what is used.
    const bare = sent.map((statement) => statement.replaceAll(/'(?:[^']|'')*'/g, "''"));
    expect(bare.filter((statement) => pattern.test(statement))).toEqual([]);
  });
});

test.each([
  ["advisory locks", "select pg_advisory_xact_lock(1)"],
  ["settings that outlive the transaction", "set lock_timeout = 5"],
  ["settings that outlive the transaction", "select set_config('lock_timeout', current_setting('x'), false)"],
  ["LOCK TABLE", 'lock table "org_entitlement"'],
  ["sequences", "create table t (id bigserial)"],
])("the search for %s finds it", (what, statement) => {
  const found = FORBIDDEN.filter(([, pattern]) => pattern.test(statement)).map(([name]) => name);
  expect(found).toContain(what);
});
