import { describe, test } from "vitest";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "seat:admin": counter({ label: "Admin seats" }) },
});
const admin = { orgId: "acme", resourceType: "seat:admin" } as const;
const write = () => {};

describe("an idempotency key", () => {
  test("wants a result that comes back from JSON as it was", () => {
    const once = { ...admin, idempotencyKey: "k" };
    void entitlements.enforce(once, write);
    void entitlements.enforce(once, async () => ({ id: 1, tags: ["a"], parent: null }));
    void entitlements.enforce(once, (): { id: string; note?: string } => ({ id: "1" }));
    void entitlements.enforce(once, (_tx, grant) => grant);
    // @ts-expect-error
    void entitlements.enforce(once, () => new Date());
    // @ts-expect-error
    void entitlements.enforce(once, async () => ({ made: { at: new Date() } }));
    // @ts-expect-error
    void entitlements.enforce(once, () => new Map([["a", 1]]));
    // @ts-expect-error
    void entitlements.enforce(once, () => 5n);
    // @ts-expect-error
    void entitlements.enforce(once, (): unknown => 1);
    // Without a key the result is the host's business.
    void entitlements.enforce(admin, () => new Date());
  });

  test("keeps the type of the result", async () => {
    const made: { id: number } = await entitlements.enforce({ ...admin, idempotencyKey: "k" }, async () => ({ id: 1 }));
    // @ts-expect-error
    const wrong: string = await entitlements.enforce({ ...admin, idempotencyKey: "k" }, () => 1);
    void [made, wrong];
  });
});

describe("a reservation", () => {
  test("is named by its id or its key, and asks for one defined resource type", () => {
    void entitlements.confirm({ orgId: "acme", key: "k" });
    void entitlements.release({ orgId: "acme", id: "seat:admin/1" });
    // @ts-expect-error
    void entitlements.confirm({ orgId: "acme" });
    // @ts-expect-error
    void entitlements.release({ orgId: "acme", id: "seat:admin/1", key: "k" });
    // @ts-expect-error
    void entitlements.reserve({ orgId: "acme", resourceType: "seat:owner" });
    // @ts-expect-error
    void entitlements.reserve({ orgId: "acme", claims: { "seat:admin": 1 } });
  });
});

describe("a request", () => {
  test("has an amount that is a number, and no other options than its own", () => {
    // @ts-expect-error
    void entitlements.enforce({ ...admin, amount: "5" }, write);
    // @ts-expect-error
    void entitlements.enforce({ ...admin, amount: null }, write);
    // @ts-expect-error
    void entitlements.enforce({ orgId: "acme", claims: { "seat:admin": "1" } }, write);
    // @ts-expect-error
    void entitlements.enforce({ orgId: "acme", claims: { "seat:admin": undefined } }, write);
    // @ts-expect-error
    void entitlements.enforce({ ...admin, ammount: 5 }, write);
    // @ts-expect-error
    void entitlements.consume({ ...admin, when: () => true });
    // @ts-expect-error
    void entitlements.enforce({ ...admin, when: () => 1 }, write);
    // @ts-expect-error
    void entitlements.enforce({ ...admin, signal: "abort" }, write);
  });

  test("asks for one resource type or for claims: never both, never neither", () => {
    // @ts-expect-error
    void entitlements.enforce({ ...admin, claims: { "seat:admin": 1 } }, write);
    // @ts-expect-error
    void entitlements.consume({ orgId: "acme", amount: 1, claims: { "seat:admin": 1 } });
    // @ts-expect-error
    void entitlements.enforce({ orgId: "acme" }, write);
    // @ts-expect-error
    void entitlements.enforce(admin);
  });

  test("to set a limit has one, as a number or null, and an end that is a Date", () => {
    void entitlements.setLimit({ ...admin, limit: null });
    // @ts-expect-error
    void entitlements.setLimit(admin);
    // @ts-expect-error
    void entitlements.setLimit({ ...admin, limit: undefined });
    // @ts-expect-error
    void entitlements.setLimit({ ...admin, limit: "5" });
    // @ts-expect-error
    void entitlements.setLimit({ ...admin, limit: 5, expiresAt: "2030-01-01" });
    // @ts-expect-error
    void entitlements.clearLimit({ ...admin, limit: 5 });
  });
});
