import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const KEYS = "/api/orgs/acme/api-keys";

describe.each(databases)("on $name", (kind) => {
  test("a key is made up to the limit, shown once, listed by how it begins, and given back when revoked", async () => {
    const { call } = await startTestDemo(kind);
    const listed = async () => Object((await call("GET", KEYS)).body).keys;
    const made = await call("POST", KEYS, { name: "Deploy" });
    expect(made).toMatchObject({
      status: 201,
      body: { name: "Deploy", key: expect.stringMatching(/^demo_[0-9a-f]{24}$/) },
    });
    const { key, ...shown } = Object(made.body);
    expect(key.startsWith(shown.prefix)).toBe(true);
    expect(await listed()).toEqual([shown, expect.objectContaining({ name: "Website" })]);
    expect(await call("POST", KEYS, { name: "One too many" })).toMatchObject({
      status: 402,
      body: { resourceType: "quota:api_key", current: 2, limit: 2, instance: KEYS },
    });
    expect(await call("DELETE", `${KEYS}/${shown.id}`)).toMatchObject({ status: 204, body: "" });
    expect(await listed()).toEqual([expect.objectContaining({ name: "Website" })]);
    expect(await call("POST", KEYS, { name: "Next" })).toMatchObject({ status: 201 });
  });

  test("a key that is revoked twice, or by another organisation, is given back once", async () => {
    const { call } = await startTestDemo(kind);
    const { id } = Object((await call("POST", KEYS, { name: "Deploy" })).body);
    expect(await call("DELETE", `/api/orgs/globex/api-keys/${id}`)).toMatchObject({ status: 404 });
    const answers = await Promise.all([1, 2, 3].map(() => call("DELETE", `${KEYS}/${id}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
    const current = async (org: string) => {
      const { entitlements } = Object((await call("GET", `/api/orgs/${org}/entitlements`)).body);
      return entitlements[3].current;
    };
    expect(await current("acme")).toBe(1);
    expect(await current("globex")).toBe(4);
  });

  test("a key without a name is refused and takes nothing", async () => {
    const { call } = await startTestDemo(kind);
    for (const name of ["", "  ", "two\nlines", "x".repeat(101), 1, null])
      expect(await call("POST", KEYS, { name })).toMatchObject({ status: 400 });
    expect(Object((await call("GET", KEYS)).body).keys).toHaveLength(1);
    expect(await call("POST", KEYS, { name: "Fine" })).toMatchObject({ status: 201 });
  });
});
