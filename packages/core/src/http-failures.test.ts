import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createEntitlementsHandler, type EntitlementsHandlerOptions } from "./http.ts";
import { StorageError } from "./index.ts";

const errors: unknown[] = [];
const secret = "postgres://root:hunter2@10.0.0.7/db";

function handler(options: Pick<EntitlementsHandlerOptions, "entitlements"> & Partial<EntitlementsHandlerOptions>) {
  return createEntitlementsHandler({
    authorize: () => ({ orgId: "acme" }),
    onError: (error) => errors.push(error),
    ...options,
  });
}

const get = () => new Request("https://app.example.com/api/entitlements");

beforeEach(() => {
  errors.length = 0;
});

test("a handler without `entitlements`, or with a misspelt option, does not start", () => {
  const authorize = () => ({ orgId: "acme" });
  expect(() => createEntitlementsHandler({ authorize } as never)).toThrow(/wants `entitlements`/);
  const entitlements = { usage: async () => [] };
  expect(() => createEntitlementsHandler({ authorize, entitlements, onerror: () => {} } as never)).toThrow(
    /has no option "onerror"/,
  );
});

describe("a storage that fails", () => {
  const failing = { usage: () => Promise.reject(new StorageError(secret, { outcome: "rolled-back" })) };

  test("is a 503 that says when to come back and nothing of the inside", async () => {
    const response = await handler({ entitlements: failing })(get());
    expect([response.status, response.headers.get("Retry-After"), response.headers.get("Cache-Control")]).toEqual([
      503,
      "1",
      "no-store",
    ]);
    expect(await response.json()).toEqual({
      type: "urn:entitlements:problem:storage",
      title: "Service Unavailable",
      status: 503,
      code: "ENTITLEMENT_STORAGE",
      detail: "The database failed; nothing was saved.",
      instance: "/api/entitlements",
      outcome: "rolled-back",
    });
    expect(errors).toEqual([expect.objectContaining({ message: secret })]);
  });

  test("names the host's documentation where it is told how", async () => {
    const response = await handler({
      entitlements: failing,
      problemType: (code) => `https://docs.example.com/${code}`,
    })(get());
    expect(await response.json()).toMatchObject({ type: "https://docs.example.com/ENTITLEMENT_STORAGE" });
  });

  describe("and the host's own log too", () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    afterEach(() => {
      logged.mockClear();
    });

    test.each<[string, () => void | Promise<void>]>([
      [
        "throwing",
        () => {
          throw new Error("disk full");
        },
      ],
      [
        "rejecting",
        async () => {
          throw new Error("disk full");
        },
      ],
    ])("by %s still gets its answer", async (_what, onError) => {
      expect((await handler({ entitlements: failing, onError })(get())).status).toBe(503);
      await vi.waitFor(() =>
        expect(logged).toHaveBeenCalledWith(
          "@x/entitlements-core: onError failed",
          expect.objectContaining({ message: "disk full" }),
        ),
      );
    });

    test("by not being given is logged on the console", async () => {
      await createEntitlementsHandler({ entitlements: failing, authorize: () => ({ orgId: "acme" }) })(get());
      expect(logged).toHaveBeenCalledWith("@x/entitlements-core: usage handler", expect.any(StorageError));
    });
  });
});
