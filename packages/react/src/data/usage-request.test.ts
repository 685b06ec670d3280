import { expect, test, vi } from "vitest";
import { response, row } from "../fixtures/usage.ts";
import { fetchUsage, isRefusal, isWorthRepeating, readUsage, UsageRequestError } from "./usage-request.ts";

const request = { endpoint: "/api/entitlements", orgId: "acme", userId: null };

function answer(body: unknown, init: ResponseInit = {}) {
  return vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(JSON.stringify(body), init));
}

test("an answer about the organisation asked for is taken as it is", () => {
  const body = response("acme", row({ resourceType: "quota:project" }));
  expect(readUsage(body, "acme")).toEqual({ ...body, unreadable: [] });
});

test("an answer about another organisation is refused, and the error names neither", () => {
  const read = () => readUsage(response("globex", row({ resourceType: "quota:project" })), "acme");
  expect(read).toThrow(expect.objectContaining({ code: "ENTITLEMENT_USAGE_OTHER_ORGANISATION" }));
  expect(read).not.toThrow(/globex|acme/);
});

test.each([
  null,
  "no",
  [],
  {},
  { orgId: "acme" },
  { orgId: 1, entitlements: [] },
  { orgId: "acme", entitlements: [{}] },
])("%j is no answer, so it is an error and not an empty list", (body) => {
  expect(() => readUsage(body, "acme")).toThrow(expect.objectContaining({ code: "ENTITLEMENT_USAGE_INVALID" }));
});

test("one row that cannot be understood does not take the others away", () => {
  const good = row({ resourceType: "quota:project" });
  const odd = { resourceType: "quota:storage", label: "Storage", kind: "gauge", limit: -1 };
  const read = readUsage({ orgId: "acme", entitlements: [good, odd] }, "acme");
  expect(read.entitlements).toEqual([good]);
  expect(read.unreadable).toEqual([{ resourceType: "quota:storage", label: "Storage" }]);
});

test("of two rows of one resource the last one holds, so that no list shows it twice", () => {
  const [before, now] = [row({ resourceType: "quota:project" }), row({ resourceType: "quota:project", current: 9 })];
  const other = row({ resourceType: "quota:report" });
  expect(readUsage(response("acme", before, other, now), "acme").entitlements).toEqual([now, other]);
  const garbled = { ...now, limit: -1 };
  expect(readUsage({ orgId: "acme", entitlements: [before, garbled] }, "acme")).toMatchObject({
    entitlements: [],
    unreadable: [{ resourceType: "quota:project" }],
  });
});

test("the request leaves caching to the browser, so that an ETag is revalidated", async () => {
  const fetched = answer(response("acme"));
  await expect(fetchUsage(request)).resolves.toEqual(response("acme"));
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe("/api/entitlements");
  expect(init).not.toHaveProperty("cache");
  expect(new Headers(init?.headers).has("If-None-Match")).toBe(false);
});

test("a refusal carries its status", async () => {
  const problem = { type: "urn:x", title: "Forbidden", status: 403, code: "ENTITLEMENT_FORBIDDEN", detail: "No." };
  answer(problem, { status: 403 });
  const error: unknown = await fetchUsage(request).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "ENTITLEMENT_USAGE_REFUSED", status: 403 });
  expect(isRefusal(error)).toBe(true);
  expect(isWorthRepeating(error)).toBe(false);
});

test("a page of a proxy instead of JSON is an error", async () => {
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("<html>", { status: 502 }));
  const error: unknown = await fetchUsage(request).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "ENTITLEMENT_USAGE_REFUSED", status: 502 });
  expect(isWorthRepeating(error)).toBe(true);
});

test("no network is an error of its own and worth another try", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  const error: unknown = await fetchUsage(request).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UsageRequestError);
  expect(error).toMatchObject({ code: "ENTITLEMENT_USAGE_UNREACHABLE", status: null });
  expect(isWorthRepeating(error)).toBe(true);
});

test.each([
  ["axios", Object.assign(new Error("403"), { response: { status: 403 } })],
  ["SWR's own examples", Object.assign(new Error("403"), { status: 403 })],
  ["a cache that was written to disk", { code: "ENTITLEMENT_USAGE_REFUSED", status: 403 }],
  ["a fetcher that throws the response", new Response(null, { status: 403 })],
])("a refusal as it comes from %s is one", (_, error) => {
  expect(isRefusal(error)).toBe(true);
  expect(isWorthRepeating(error)).toBe(false);
});
