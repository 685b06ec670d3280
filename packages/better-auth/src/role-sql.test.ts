import { defineSeats, type Seats } from "@x/entitlements-core";
import fc from "fast-check";
import Libsql from "libsql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { bucketConditions } from "./role-sql.ts";

const plain = defineSeats({ "seat:admin": ["owner", "admin"], "seat:billing": ["billing"], "seat:member": ["member"] });
const unknownHigh = defineSeats(
  { "seat:admin": ["owner", "it's 100%"], "seat:member": ["member"], "seat:guest": [] },
  { unknownRole: "seat:member" },
);

const sqlite = new Libsql(":memory:");
let postgres: pg.Client;
beforeAll(async () => {
  postgres = new pg.Client(inject("serverUrl"));
  await postgres.connect();
});
afterAll(async () => {
  await postgres.end();
  sqlite.close();
});

/** The bucket in which each text would be counted; exactly one, or this says so. */
function query(seats: Seats, parameter: (index: number) => string, length: number): string {
  const texts = Array.from({ length }, (_, index) => `select ${index} as n, ${parameter(index)} as role`);
  const buckets = [...bucketConditions(seats, "role")].map(
    ([bucket, condition]) => `case when ${condition} then '${bucket}' else '' end`,
  );
  return `select n, ${buckets.join(" || ")} as bucket from (${texts.join(" union all ")}) as given order by n`;
}

async function counted(seats: Seats, texts: readonly (string | null)[]): Promise<readonly unknown[]> {
  const onSqlite = sqlite.prepare(query(seats, () => "?", texts.length)).all(...texts);
  const { rows } = await postgres.query(
    query(seats, (index) => `$${index + 1}::text`, texts.length),
    [...texts],
  );
  expect(rows).toEqual(onSqlite);
  return rows.map(({ bucket }) => bucket);
}

/** What `bucketOf` says, or the last bucket where it refuses. */
function expected(seats: Seats, text: string): string | undefined {
  try {
    return seats.bucketOf(text);
  } catch {
    return undefined;
  }
}

const cases: readonly (readonly [name: string, seats: Seats, known: readonly string[]])[] = [
  ["roles that are listed", plain, plain.buckets.flatMap((bucket) => plain.roles(bucket))],
  ["with a bucket for unknown roles", unknownHigh, unknownHigh.buckets.flatMap((bucket) => unknownHigh.roles(bucket))],
];

describe.each(cases)("%s", (_name, seats, known) => {
  const role = fc.constantFrom(
    ...known,
    ...known.map((one) => one.toUpperCase()),
    "stranger",
    "adminx",
    "xowner",
    "a b",
  );
  const separator = fc.constantFrom(",", ", ", " ,");

  test("SQL counts a stored text where bucketOf() puts it, in both databases", async () => {
    const text = fc
      .tuple(fc.array(role, { minLength: 1, maxLength: 5 }), separator)
      .map(([roles, by]) => roles.join(by));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), async (texts) => {
        const found = await counted(seats, texts);
        texts.forEach((one, index) => {
          const bucket = expected(seats, one);
          if (bucket !== undefined) expect([one, found[index]]).toEqual([one, bucket]);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("nothing that may be stored is left uncounted, or counted twice", async () => {
    const odd = [null, "", " ", ",", ",,", "stranger", "owner,stranger", "member,", "'", "\\", "%", "_"];
    for (const bucket of await counted(seats, odd)) expect(seats.buckets).toContain(bucket);
  });
});

test("a role that is listed nowhere takes a seat of the last bucket, but for a listed one beside it", async () => {
  expect(await counted(plain, ["stranger", "stranger,admin", "admin,owner", "member, billing"])).toEqual([
    "seat:member",
    "seat:admin",
    "seat:admin",
    "seat:billing",
  ]);
});
