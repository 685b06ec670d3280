import { describe, test } from "vitest";
import { counter, createEntitlements, memoryAdapter } from "./index.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "seat:admin": counter({ label: "Admin seats" }) },
});
const admin = { orgId: "acme", resourceType: "seat:admin" } as const;
const write = () => {};

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
