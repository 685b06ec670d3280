import { beforeEach, describe, expect, test } from "vitest";
import { createEntitlementsHandler } from "./http.ts";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "seat:admin": counter({ label: "Admin seats" }), "quota:project": counter({ label: "Projects" }) },
});
const handle = createEntitlementsHandler({
  entitlements,
  authorize: (request) => ({ orgId: request.headers.get("x-org") ?? "" }),
});

function get({
  org = "acme",
  method = "GET",
  headers = {},
}: {
  org?: string;
  method?: string;
  headers?: Record<string, string>;
} = {}): Request {
  return new Request("https://app.example.com/api/entitlements", { method, headers: { "x-org": org, ...headers } });
}

beforeEach(async () => {
  for (const orgId of ["acme", "globex"]) await entitlements.forget({ orgId });
});

describe("the ETag", () => {
  const tagOf = async (request = get()) => String((await handle(request)).headers.get("ETag"));

  test("is strong, and the same while nothing changes", async () => {
    const tag = await tagOf();
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await tagOf()).toBe(tag);
    expect(await tagOf(get({ method: "HEAD" }))).toBe(tag);
  });

  test("changes with the usage, with a limit, and with the organisation", async () => {
    const tags = [await tagOf(), await tagOf(get({ org: "globex" }))];
    await entitlements.consume({ orgId: "acme", resourceType: "quota:project" });
    tags.push(await tagOf());
    await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 5 });
    tags.push(await tagOf());
    expect(new Set(tags).size).toBe(4);
  });

  test.each([
    ["alone", (tag: string) => tag],
    ["in a list", (tag: string) => `"old", ${tag} ,"older"`],
    ["as a star", () => "*"],
    ["weak", (tag: string) => `W/${tag}`],
  ])("sent back %s is a 304 without a body", async (_what, sent) => {
    const tag = await tagOf();
    for (const method of ["GET", "HEAD"]) {
      const response = await handle(get({ method, headers: { "If-None-Match": sent(tag) } }));
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect([response.headers.get("ETag"), response.headers.get("Cache-Control")]).toEqual([tag, "private, no-cache"]);
    }
  });

  test.each(['"old"', '"old", "older"', "", "W/", "garbage"])(
    "that is another one, %j, gets the whole answer",
    async (sent) => {
      const response = await handle(get({ headers: { "If-None-Match": sent } }));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ orgId: "acme" });
    },
  );

  test("is no way around authorize", async () => {
    const response = await createEntitlementsHandler({ entitlements, authorize: () => null })(
      get({ headers: { "If-None-Match": "*" } }),
    );
    expect([response.status, response.headers.get("ETag")]).toEqual([403, null]);
  });
});
