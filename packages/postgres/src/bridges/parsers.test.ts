import { createEntitlements } from "@x/entitlements-core";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { postgresAdapter } from "../adapter.ts";
import { createApp, failureOf, resources } from "../fixtures/app.ts";
import { fromPostgresJs } from "./postgres-js.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;

/** How a host may have had postgres.js parse a type by its number. */
const parsed = (oid: number, parse: (value: string) => unknown) => ({
  types: { odd: { to: oid, from: [oid], serialize: String, parse } },
});

// Fails where a value is taken for a number unseen: a raw "RangeError: Invalid time value", "limit reached (NaN/NaN)", or the advice
// to run migrate().
test.each([
  ["numerics as objects", parsed(1700, (value) => ({ value }))],
  ["bigints as objects", parsed(20, (value) => ({ value }))],
  ["null as undefined", { transform: { value: { from: (value: unknown) => (value === null ? undefined : value) } } }],
  [
    "rows renamed as a whole",
    {
      transform: {
        row: {
          from: (row: object) => Object.fromEntries(Object.entries(row).map(([name, value]) => [`x_${name}`, value])),
        },
      },
    },
  ],
])("a driver that returns %s ends in an error that says so, and nothing is granted", async (_what, options) => {
  const app = await createApp();
  await app.entitlements.setLimit({ ...project, limit: 5 });
  const sql = postgres(app.url, { max: 2, onnotice: () => {}, ...options });
  onTestFinished(() => sql.end({ timeout: 1 }));
  const entitlements = createEntitlements({ adapter: postgresAdapter(fromPostgresJs(sql)), resources });
  for (const call of [
    () => entitlements.enforce(project, () => expect.fail("must not run")),
    () => entitlements.enforce({ ...project, locking: "at-commit" }, () => expect.fail("must not run")),
    () => entitlements.check(project),
  ])
    expect(await failureOf(call())).toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("driver answered without a column"),
    });
});
