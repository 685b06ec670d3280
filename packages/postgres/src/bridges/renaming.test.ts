import { counter, createEntitlements, isLimitReachedError, rows } from "@x/entitlements-core";
import type { Adapter } from "@x/entitlements-core/adapter";
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import postgres from "postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { emptyDatabase } from "../fixtures/empty-database.ts";
import { onPg } from "../fixtures/pg.ts";
import { fromKysely } from "./kysely.ts";
import { fromPostgresJs } from "./postgres-js.ts";

const resources = {
  "quota:item": rows({ label: "Items", table: "item", orgColumn: "org_id" }),
  "quota:credit": counter({ label: "Credits" }),
};

/** What hosts that rename columns set up, and every kind of row that the SDK reads. */
async function provesReading<Tx>(connect: (url: string) => { adapter: Adapter<Tx>; close(): Promise<unknown> }) {
  const { url, past, end } = await emptyDatabase();
  const { adapter, close } = connect(url);
  onTestFinished(async () => {
    await close();
    await end();
  });
  await past("create table item (org_id text not null); insert into item values ('acme')");
  const entitlements = createEntitlements({ adapter, resources });
  await entitlements.migrate();
  const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
  await entitlements.setLimit({ ...credit, limit: 3, reason: "trial", actor: "ada" });
  await entitlements.consume(credit);
  const hold = await entitlements.reserve({ ...credit, key: "k" });
  await entitlements.confirm({ orgId: "acme", id: hold.id }, () => {});
  await entitlements.reserve(credit);
  await expect(entitlements.consume(credit)).rejects.toSatisfy(isLimitReachedError);
  const item = { orgId: "acme", resourceType: "quota:item" } as const;
  await entitlements.setLimit({ ...item, limit: 2 });
  await entitlements.reserve(item);
  await expect(entitlements.consume(item)).rejects.toSatisfy(isLimitReachedError);
  expect(await entitlements.limits({ orgId: "acme" })).toMatchObject([
    { limit: 2 },
    { limit: 3, reason: "trial", actor: "ada" },
  ]);
  expect((await entitlements.usage({ orgId: "acme" })).map(({ current }) => current)).toEqual([2, 3]);
}

describe("an instance that renames columns changes nothing for the SDK", () => {
  test.each([
    ["camel", postgres.camel],
    ["pascal", postgres.pascal],
    ["kebab", postgres.kebab],
  ])("postgres.js with transform: postgres.%s", (_name, transform) =>
    provesReading((url) => {
      const sql = postgres(url, { transform, onnotice: () => {} });
      return { adapter: postgresAdapter(fromPostgresJs(sql)), close: () => sql.end({ timeout: 1 }) };
    }),
  );

  test("Kysely with its CamelCasePlugin", () =>
    provesReading((url) => {
      const dialect = new PostgresDialect({ pool: onPg.open(url) });
      const db = new Kysely<Record<string, never>>({ dialect, plugins: [new CamelCasePlugin()] });
      return { adapter: postgresAdapter(fromKysely(db)), close: () => db.destroy() };
    }));
});

test("on postgres.js a claim on a counter takes four messages: to begin, to lock, to count, and to commit", async () => {
  const { url, end } = await emptyDatabase();
  const messages: string[] = [];
  const sql = postgres(url, { debug: (_connection, text) => void messages.push(text), onnotice: () => {} });
  onTestFinished(async () => {
    await sql.end({ timeout: 1 });
    await end();
  });
  const entitlements = createEntitlements({
    adapter: postgresAdapter(fromPostgresJs(sql)),
    resources: { "quota:credit": counter({ label: "Credits" }) },
  });
  await entitlements.migrate();
  const credit = { orgId: "acme", resourceType: "quota:credit" } as const;
  await entitlements.setLimit({ ...credit, limit: 3 });
  messages.length = 0;
  await entitlements.consume(credit);
  expect(messages.map((text) => text.split("\n")[0]?.slice(0, 16))).toEqual([
    "begin isolation ",
    expect.stringMatching(/^(set local (lock|statem)|select set_confi)/),
    expect.stringMatching(/^update /),
    expect.any(String),
  ]);
  expect(messages.at(-1)).toMatch(/^release .*;\ncommit$/s);
});
