import { beforeEach, describe, expect, test } from "vitest";
import { ConfigurationError, counter, createEntitlements, memoryAdapter } from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }), "seat:admin": counter({ label: "Admin seats" }) };
let adapter = memoryAdapter();
let entitlements = createEntitlements({ adapter, resources });
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const admin = { orgId, resourceType: "seat:admin" } as const;
const used = async () => (await entitlements.usage({ orgId })).map(({ current }) => current);
const caught = (call: Promise<unknown>) =>
  call.then(
    () => "passed",
    (error: unknown) => error,
  );
const pause = () => new Promise((resume) => setTimeout(resume, 5));

beforeEach(() => {
  adapter = memoryAdapter();
  entitlements = createEntitlements({ adapter, resources });
});

describe("a call that the function does not await", () => {
  const message =
    "The function ended before a call that it made with its `tx`, so everything was undone. Await that call.";

  test("fails the function's own call, and nothing of either is kept", async () => {
    let forgotten: Promise<unknown> = Promise.resolve();
    const outer = entitlements.enforce(project, (tx) => {
      forgotten = caught(entitlements.enforce({ ...admin, tx }, () => pause()));
    });
    await expect(outer).rejects.toThrow(message);
    expect(await forgotten).toBeInstanceOf(ConfigurationError);
    expect(await used()).toEqual([0, 0]);
  });

  test("in the caller's transaction is undone with it, and what the caller writes afterwards is kept", async () => {
    let forgotten: Promise<unknown> = Promise.resolve();
    await adapter.transaction(async (tx) => {
      const outer = entitlements.enforce({ ...project, tx }, () => {
        forgotten = caught(entitlements.enforce({ ...admin, tx }, () => pause()));
      });
      await expect(outer).rejects.toThrow(message);
      expect(await forgotten).toBeInstanceOf(ConfigurationError);
      tx.set("project", "after", {});
      await entitlements.consume({ ...admin, tx });
    });
    expect([await used(), adapter.rows("project").size]).toEqual([[0, 1], 1]);
  });
});
