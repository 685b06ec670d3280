import { act, renderHook, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { UsageRequestError } from "../data/usage-request.ts";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { answering, renderHookUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { useEntitlement } from "./use-entitlement.ts";
import { useEntitlements } from "./use-entitlements.ts";

const projects = row({ resourceType: "quota:project", limit: 10, current: 8, resetsAt: "2026-12-01T00:00:00Z" });

async function fails(error: unknown) {
  const { result } = renderHookUnder({ fetcher: () => Promise.reject(error) }, useEntitlements);
  await waitFor(() => expect(result.current.status).toBe("error"));
  return result.current;
}

test("outside a provider a hook says what is missing", () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  expect(() => renderHook(useEntitlements)).toThrow(
    "There is no <EntitlementsProvider> above: wrap this part in one, or give a `source`.",
  );
  quiet.mockClear();
});

test("first it loads, then it has the rows", async () => {
  const { fetcher, latest } = deferredEndpoint();
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  expect(result.current).toMatchObject({ status: "loading", entitlements: null, error: null });
  await act(async () => latest("acme").answer(response("acme", projects)));
  expect(result.current).toMatchObject({ status: "ready", orgId: "acme", entitlements: [projects], isStale: false });
});

test("while there is no organisation nothing is asked and nothing is known", () => {
  const { fetcher, requests } = deferredEndpoint();
  const { result } = renderHookUnder({ orgId: null, fetcher }, useEntitlements);
  expect(result.current.status).toBe("loading");
  expect(requests).toEqual([]);
});

test("an organisation that is not there yet, as JavaScript passes it, is waited for like none", () => {
  const { fetcher, requests } = deferredEndpoint();
  const session: { readonly orgId?: string } = JSON.parse("{}");
  const without: object = { orgId: session.orgId };
  const { result } = renderHookUnder({ fetcher, ...without }, useEntitlements);
  expect(result.current.status).toBe("loading");
  expect(requests).toEqual([]);
});

test("a refusal in the words of the host's own client hides what was known before", async () => {
  const fetcher = vi.fn().mockResolvedValueOnce(response("acme", projects)).mockRejectedValue({ status: 403 });
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  await waitFor(() => expect(result.current.status).toBe("ready"));
  await act(() => result.current.refresh());
  expect(result.current).toMatchObject({ status: "error", entitlements: null });
});

test("numbers that were asked for twice are there for both at once, as the first answer is dropped", async () => {
  const { fetcher, requests, latest } = deferredEndpoint();
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  await act(async () => latest("acme").answer(response("acme", projects)));
  const there = vi.fn();
  await act(async () => {
    void result.current.refresh().then(there);
    void result.current.refresh();
  });
  const [first, second] = requests.slice(-2);
  await act(async () => first?.answer(response("acme", projects)));
  expect(there).not.toHaveBeenCalled();
  const now = { ...projects, current: 9 };
  await act(async () => second?.answer(response("acme", now)));
  expect(there).toHaveBeenCalledOnce();
  expect(result.current.entitlements).toEqual([now]);
});

describe("a failure is an error and never an empty list", () => {
  test("no network", async () => {
    expect(await fails(new TypeError("Failed to fetch"))).toMatchObject({ entitlements: null });
  });

  test("something thrown that is no error", async () => {
    expect((await fails("no")).error).toEqual(new Error("no"));
    const thrown = { code: 7 };
    expect((await fails(thrown)).error?.cause).toBe(thrown);
  });

  test("an answer that is none", async () => {
    const { result } = renderHookUnder({ fetcher: async () => ({ ok: true }) }, useEntitlements);
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current.error).toMatchObject({ code: "ENTITLEMENT_USAGE_INVALID" });
  });
});

test("a failed refetch keeps the numbers and says that they are not fresh", async () => {
  const { fetcher, latest } = deferredEndpoint();
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  await act(async () => latest("acme").answer(response("acme", projects)));
  act(() => void result.current.refresh());
  await act(async () => latest("acme").fail(new Error("offline")));
  expect(result.current).toMatchObject({ status: "ready", entitlements: [projects], isStale: true });
  act(() => void result.current.refresh());
  await act(async () => latest("acme").answer(response("acme", { ...projects, current: 9 })));
  expect(result.current).toMatchObject({ status: "ready", isStale: false, error: null });
});

test.each([401, 403, 404])("once the server says %i, what was known before is hidden", async (status) => {
  const { fetcher, latest } = deferredEndpoint();
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  await act(async () => latest("acme").answer(response("acme", projects)));
  act(() => void result.current.refresh());
  await act(async () => latest("acme").fail(new UsageRequestError("ENTITLEMENT_USAGE_REFUSED", "No.", status)));
  expect(result.current).toMatchObject({ status: "error", entitlements: null });
});

test("of two answers the one to the later question stays", async () => {
  const { fetcher, requests } = deferredEndpoint();
  const { result } = renderHookUnder({ fetcher }, useEntitlements);
  await act(async () => requests[0]?.answer(response("acme", projects)));
  act(() => void result.current.refresh());
  act(() => void result.current.refresh());
  const [earlier, later] = requests.slice(-2);
  await act(async () => later?.answer(response("acme", { ...projects, current: 2 })));
  await act(async () => earlier?.answer(response("acme", { ...projects, current: 9 })));
  expect(result.current.entitlements?.[0]?.current).toBe(2);
});

test("initial data of this organisation is there at once, that of another is not taken", () => {
  const { fetcher } = deferredEndpoint();
  const initialData = response("acme", projects);
  const mine = renderHookUnder({ fetcher, initialData }, useEntitlements);
  expect(mine.result.current).toMatchObject({ status: "ready", entitlements: [projects] });
  const other = renderHookUnder({ fetcher, initialData, orgId: "globex" }, useEntitlements);
  expect(other.result.current).toMatchObject({ status: "loading", entitlements: null });
});

test("the host hears once that loading failed", async () => {
  const onEvent = vi.fn();
  const error = new Error("offline");
  const { result, rerender } = renderHookUnder({ fetcher: () => Promise.reject(error), onEvent }, useEntitlements);
  await waitFor(() => expect(result.current.status).toBe("error"));
  rerender();
  expect(onEvent.mock.calls).toEqual([[{ type: "load-failed", orgId: "acme", error }]]);
});

test("without a fetcher the endpoint is fetched", async () => {
  const fetched = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => Response.json(response("acme", projects)));
  const { result } = renderHookUnder({ endpoint: "/usage" }, useEntitlements);
  await waitFor(() => expect(result.current.status).toBe("ready"));
  expect(fetched.mock.calls[0]?.[0]).toBe("/usage");
});

test("one row comes with everything needed to show it", async () => {
  const { result } = renderHookUnder({ fetcher: answering(response("acme", projects)) }, () =>
    useEntitlement("quota:project"),
  );
  expect(result.current).toMatchObject({ status: "loading", usage: null, label: null, remaining: null, percent: null });
  await waitFor(() => expect(result.current.status).toBe("near"));
  expect(result.current).toMatchObject({ usage: projects, label: "Projects", remaining: 2, percent: 80 });
  expect(result.current.resetsAt).toEqual(new Date("2026-12-01T00:00:00Z"));
});

test("a resource that the server did not send is unconfigured, one it sent garbled is an error", async () => {
  const fetcher = async () => ({
    orgId: "acme",
    entitlements: [{ resourceType: "quota:disk", label: "Disk", limit: -1 }],
  });
  const { result } = renderHookUnder({ fetcher }, () => [
    useEntitlement("quota:project"),
    useEntitlement("quota:disk"),
  ]);
  await waitFor(() => expect(result.current.map(({ status }) => status)).toEqual(["unconfigured", "error"]));
  expect(result.current[1]?.label).toBe("Disk");
});
