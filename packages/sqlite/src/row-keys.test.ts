import { createEntitlements, type RowsResource, rows } from "@x/entitlements-core";
import { describe, expect, it } from "vitest";
import { createScratch } from "./fixtures/scratch.ts";

const seat = { orgId: "acme", resourceType: "seat:member" } as const;
const member = { label: "Members", table: "member", orgColumn: "org_id" };

async function counting(definition: Omit<RowsResource, "kind" | keyof typeof member>, schema: string) {
  const scratch = createScratch(schema);
  let now = new Date("2030-01-01T00:00:00.000Z");
  const entitlements = createEntitlements({
    adapter: scratch.adapter(),
    resources: { "seat:member": rows({ ...member, ...definition }) },
    clock: () => now,
  });
  await entitlements.migrate();
  const measured = async () => {
    const [line] = await entitlements.usage({ orgId: "acme" });
    return [line?.current, line?.reserved];
  };
  const at = (time: string) => {
    now = new Date(time);
  };
  return { ...scratch, entitlements, measured, at };
}

describe("rows with a key", () => {
  const schema = "create table member (org_id text, user_id integer, note text); create index m on member (org_id)";

  it("count once for each key, whatever its type, and one by one where it is null: none is forgotten", async () => {
    const { host, measured } = await counting({ key: "user_id" }, schema);
    host.exec("insert into member values ('acme', 1, ''), ('acme', 1, ''), ('acme', 2, ''), ('other', 3, '')");
    expect(await measured()).toEqual([2, 0]);
    host.exec("insert into member (org_id) values ('acme'), ('acme')");
    expect(await measured()).toEqual([4, 0]);
  });

  it("are matched by holds as texts, also where the key is a number", async () => {
    const { host, entitlements, measured } = await counting({ key: "user_id" }, schema);
    const { id } = await entitlements.reserve({ ...seat, key: "7" });
    expect(await measured()).toEqual([1, 1]);
    host.exec("insert into member (org_id, user_id) values ('acme', 7), (null, 7), ('other', 7)");
    expect(await measured()).toEqual([1, 1]);
    await entitlements.release({ orgId: "acme", id });
    expect(await measured()).toEqual([1, 0]);
  });

  it("take the expression to the letter: texts with parameters in them, comments at its end, the moment", async () => {
    const key = "case when :now > note then 'now :then' else user_id end -- each";
    const { host, measured, at } = await counting({ key }, schema);
    host.exec("insert into member values ('acme', 1, '2030-06-01'), ('acme', 2, '2030-06-01')");
    expect(await measured()).toEqual([2, 0]);
    at("2031-01-01T00:00:00Z");
    expect(await measured()).toEqual([1, 0]);
  });

  it.each([
    ["a column that is not there", "nobody", /no such column: nobody/],
    ["a parameter that is not bound", ":user", /`key` of seat:member holds ":user"/],
    ["an aggregate", "max(user_id)", /seat:member|misuse/],
    ["no SQL", "user_id user_id user_id", /syntax error/],
  ])("that cannot be right are refused by migrate(): %s", async (_what, key, says) => {
    const failed = counting({ key }, `${schema}; insert into member values ('acme', 1, ''), ('acme', 2, '')`);
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(failed).rejects.toThrow(says);
  });
});

describe("further rows", () => {
  const schema = `create table member (org_id text, email text); create index m on member (org_id);
    create table invitation (organisation text, email text, ends text); create index i on invitation (organisation)`;
  const invitations = {
    table: "invitation",
    orgColumn: "organisation",
    key: "lower(email)",
    where: "ends > :now",
    pending: true,
  };
  const definition = { key: "lower(email)", also: [invitations] };

  it("count beside the first table, each key once; pending is only what nobody has taken", async () => {
    const { host, measured, at } = await counting(definition, schema);
    host.exec(`insert into member values ('acme', 'Ann@x.org'), ('acme', 'bob@x.org');
      insert into invitation values ('acme', 'ann@x.org', '2030-02-01'), ('acme', 'cid@x.org', '2030-02-01'),
        ('acme', 'CID@x.org', '2030-03-01'), ('acme', 'dan@x.org', '2029-01-01'), ('other', 'eve@x.org', '2030-02-01')`);
    expect(await measured()).toEqual([3, 1]);
    at("2030-02-15T00:00:00Z");
    expect(await measured()).toEqual([3, 1]);
    at("2030-03-15T00:00:00Z");
    expect(await measured()).toEqual([2, 0]);
  });

  it("without keys count one by one", async () => {
    const { host, measured } = await counting({ also: [{ ...invitations, key: undefined, where: undefined }] }, schema);
    host.exec(`insert into member values ('acme', 'a'), ('acme', 'a');
      insert into invitation values ('acme', 'a', ''), ('acme', 'a', '')`);
    expect(await measured()).toEqual([4, 2]);
  });

  it.each([
    ["table", { table: "invitations" }, '"invitations"'],
    ["column", { orgColumn: "org_id" }, '"org_id" of table "invitation"'],
    ["condition", { where: "ends > :then" }, '":then"'],
    ["key", { key: "e_mail" }, "e_mail"],
  ])("whose %s is not there are named by migrate() and doctor()", async (_what, wrong, named) => {
    const also = [{ ...invitations, ...wrong }];
    await expect(counting({ ...definition, also }, schema)).rejects.toThrow(named);
  });

  it("are looked through by doctor() for the index that counting them wants", async () => {
    const { host, entitlements } = await counting(definition, schema.replace("create index i", "--"));
    const findings = await entitlements.doctor();
    expect(findings).toMatchObject([{ severity: "warning", message: expect.stringContaining('"invitation"') }]);
    host.exec(findings[0]?.fix ?? "");
    expect(await entitlements.doctor()).toEqual([]);
  });
});
