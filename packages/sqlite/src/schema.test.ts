import { describe, expect, it } from "vitest";
import { createApp, numberOf } from "./fixtures/scratch.ts";

const row = {
  org_id: "'acme'",
  resource_type: "'quota:project'",
  has_override: "1",
  max_value: "10",
  used: "0",
  created_at: "'2026-01-01T00:00:00.000Z'",
  updated_at: "'2026-01-01T00:00:00.000Z'",
};

/** Writes a row past the SDK, its values as SQL. */
async function write(change: Partial<typeof row>): Promise<number> {
  const { host } = await createApp();
  const values = { ...row, ...change };
  host.exec(`insert into org_entitlement (${Object.keys(values)}) values (${Object.values(values)})`);
  return numberOf(host, "select count(*) from org_entitlement");
}

/** SQLite's number for what a constraint refuses; its details stand in the higher bits. */
const CONSTRAINT = 19;

async function refusalOf(change: Partial<typeof row>): Promise<number> {
  const error: unknown = await write(change).catch((reason) => reason);
  return Number(Object(error)["rawCode"]) & 0xff;
}

describe("the database itself refuses, whoever writes", () => {
  it.each(
    ["", "quota", "quota:", ":project", "Quota:project", "quota:Project", "quota:1project", "quota:_project"].concat(
      ["quota:pro-ject", "quota:pro ject", "quota:project ", " quota:project", "quo_ta:project", "quota1:project"],
      ["quota:a:b", "quota::project", "quöta:project", "quota:projéct", "quota:project\n", "q*:project"],
    ),
  )("a malformed resource type: %j", async (resourceType) => {
    expect(await refusalOf({ resource_type: `'${resourceType}'` })).toBe(CONSTRAINT);
  });

  it.each(["null", "'quota:a' || char(0) || 'b'", "x'71756f74613a61'", "1"])("no resource type: %s", async (value) => {
    expect(await refusalOf({ resource_type: value })).toBe(CONSTRAINT);
  });

  it.each(["-1", "1.5", "9007199254740992", "9223372036854775807", "1e300", "'many'", "x'01'", "true + 0.5", "'-1'"])(
    "a limit that is no whole number from 0 to 2^53 - 1: %s",
    async (value) => {
      expect(await refusalOf({ max_value: value })).toBe(CONSTRAINT);
    },
  );

  it.each(["-1", "1.5", "9007199254740992", "null", "'many'", "x'01'"])("such a count: %s", async (value) => {
    expect(await refusalOf({ used: value })).toBe(CONSTRAINT);
  });

  it.each(["2", "-1", "null", "'yes'"])("a flag that is neither 0 nor 1: %s", async (value) => {
    expect(await refusalOf({ has_override: value })).toBe(CONSTRAINT);
  });

  it.each(["''", "null", "x'61'", `'${"x".repeat(256)}'`])("no organisation, or one too long: %s", async (value) => {
    expect(await refusalOf({ org_id: value })).toBe(CONSTRAINT);
  });

  it("a second row for the same organisation and resource type", async () => {
    const { host } = await createApp();
    const insert = `insert into org_entitlement (${Object.keys(row)}) values (${Object.values(row)})`;
    host.exec(insert);
    expect(() => host.exec(insert)).toThrow(expect.objectContaining({ code: "SQLITE_CONSTRAINT_PRIMARYKEY" }));
  });
});

describe("the database takes", () => {
  it.each(["quota:project", "a:b", "seat:admin_2", "meter:a1_", `quota:${"x".repeat(200)}`])(
    "the resource type %s",
    async (resourceType) => {
      expect(await write({ resource_type: `'${resourceType}'` })).toBe(1);
    },
  );

  it.each(["0", "9007199254740991", "null"])("the limit %s", async (value) => {
    expect(await write({ max_value: value })).toBe(1);
  });
});

it("every key begins with the organisation, so that its rows lie together", async () => {
  const { host } = await createApp();
  const keys = host
    .prepare("select name from pragma_table_info('org_entitlement') where pk > 0 order by pk")
    .all() as unknown;
  expect(keys).toEqual([{ name: "org_id" }, { name: "resource_type" }]);
  const plan = host.prepare("explain query plan select * from org_entitlement where org_id = 'acme'").all() as unknown;
  expect(plan).toMatchObject([{ detail: "SEARCH org_entitlement USING PRIMARY KEY (org_id=?)" }]);
});
