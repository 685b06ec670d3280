import { expect, test } from "vitest";
import { kyselyOnPostgres, kyselyOnSqlite } from "./fixtures/databases.ts";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld } from "./fixtures/world.ts";

/** Indexes that keep nobody from being a member twice, and such as do. */
const indexes = {
  SQLite: {
    no: [
      `create unique index i on member ("organizationId", "userId") where role = 'owner'`,
      `create unique index i on member ("organizationId", lower("userId"))`,
      `create unique index i on member ("organizationId", "userId", "role")`,
      `create index i on member ("organizationId", "userId")`,
    ],
    yes: [`create unique index i on member ("userId", "organizationId")`, `create unique index i on member ("userId")`],
  },
  PostgreSQL: {
    no: [
      `create unique index i on member ("organizationId", "userId") where role = 'owner'`,
      `create unique index i on member ("organizationId", md5("id"))`,
      `create unique index i on member (md5("id"))`,
      `create unique index i on member ("organizationId", "userId", "role")`,
      `create index i on member ("organizationId", "userId")`,
    ],
    yes: [
      `create unique index i on member ("organizationId", "userId") include ("role")`,
      `create unique index i on member ("userId", "organizationId")`,
      `alter table member add constraint i unique ("organizationId", "userId")`,
    ],
  },
};

test.each([
  ["SQLite", kyselyOnSqlite],
  ["PostgreSQL", kyselyOnPostgres],
] as const)("only an index that keeps everybody from being a member twice satisfies it (%s)", async (name, open) => {
  const { entitlements, database } = await createWorld(open);
  const warned = async () => (await entitlements.doctor()).some(({ message }) => /twice/.test(message));
  for (const [expected, statements] of [
    [true, indexes[name].no],
    [false, indexes[name].yes],
  ] as const)
    for (const statement of statements) {
      await database.run(statement);
      expect([statement, await warned()]).toEqual([statement, expected]);
      await database.run(statement.startsWith("alter") ? "alter table member drop constraint i" : "drop index i");
    }
});

test.each(eachDatabase)(
  "doctor() says what better-auth leaves open, and its statements close it (%s)",
  async (name, open) => {
    const { entitlements, database } = await createWorld(open);
    const ours = async () => (await entitlements.doctor()).filter(({ message }) => /twice|better-auth/.test(message));
    const [twice, late] = await ours();
    expect(twice).toMatchObject({
      severity: "warning",
      message: expect.stringContaining("member of one organisation twice"),
    });
    await database.run(twice?.fix ?? "");
    // SQLite's drivers wait for seconds, not for minutes.
    if (name.includes("SQLite")) return expect(await ours()).toEqual([]);
    expect(await ours()).toEqual([late]);
    expect(late?.message).toMatch(/^better-auth writes after its hook/);
    expect(late?.fix).toBe("alter role current_user set statement_timeout = '30000ms'");
  },
);
