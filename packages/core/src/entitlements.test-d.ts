import { describe, expectTypeOf, test } from "vitest";
import {
  counter,
  createEntitlements,
  feature,
  type Grant,
  type MemoryKind,
  type MemoryTransaction,
  memoryAdapter,
  type Resources,
} from "./index.ts";

// Checked by `tsc`, never run: each `@ts-expect-error` fails the build once the mistake below it compiles.
const adapter = memoryAdapter();
const resources = {
  "seat:admin": counter({ label: "Admin seats" }),
  "feature:sso": feature({ label: "Single sign-on" }),
};
const entitlements = createEntitlements({ adapter, resources });
type Defined = "seat:admin" | "feature:sso";
const admin = { orgId: "acme", resourceType: "seat:admin" } as const;
const write = () => {};
declare const tx: MemoryTransaction;
declare const sql: { query(text: string): Promise<void> };

describe("resource types", () => {
  test("are inferred from the definitions, as an object or a function", () => {
    expectTypeOf(entitlements.resourceTypes).toEqualTypeOf<readonly Defined[]>();
    expectTypeOf(createEntitlements({ adapter, resources: () => resources }).resourceTypes).toEqualTypeOf<
      readonly Defined[]
    >();
  });

  test("that are misspelt do not compile in any method", () => {
    const misspelt = { orgId: "acme", resourceType: "seat:admn" } as const;
    // @ts-expect-error
    void entitlements.enforce(misspelt, write);
    // @ts-expect-error
    void entitlements.consume(misspelt);
    // @ts-expect-error
    void entitlements.check(misspelt);
    // @ts-expect-error
    void entitlements.resolveEntitlement(misspelt);
    // @ts-expect-error
    void entitlements.setLimit({ ...misspelt, limit: 1 });
    // @ts-expect-error
    void entitlements.clearLimit(misspelt);
    // @ts-expect-error
    void entitlements.enforce({ orgId: "acme", claims: { "seat:admin": 1, "seat:admn": 1 } }, write);
    // @ts-expect-error
    void entitlements.consume({ orgId: "acme", claims: { "seat:admn": 1 } });
  });

  test("that are malformed do not compile as keys", () => {
    const label = "x";
    // @ts-expect-error upper case
    createEntitlements({ adapter, resources: { "Seat:Admin": counter({ label }) } });
    // @ts-expect-error no category, beside a proper one
    createEntitlements({ adapter, resources: { "seat:admin": counter({ label }), project: counter({ label }) } });
    // @ts-expect-error in the function form
    createEntitlements({ adapter, resources: () => ({ "seat:Admin": counter({ label }) }) });
  });

  test("that are only known at run time are plain texts", () => {
    const dynamic: Record<string, ReturnType<typeof counter>> = {};
    expectTypeOf(createEntitlements({ adapter, resources: dynamic }).resourceTypes).toEqualTypeOf<readonly string[]>();
    const typed: Resources<MemoryTransaction, MemoryKind> = dynamic;
    createEntitlements({ adapter, resources: typed });
  });
});

test("the organisation is never left out", () => {
  const resourceType = "seat:admin";
  // @ts-expect-error
  void entitlements.enforce({ resourceType }, write);
  // @ts-expect-error
  void entitlements.enforce({ claims: { "seat:admin": 1 } }, write);
  // @ts-expect-error
  void entitlements.consume({ resourceType });
  // @ts-expect-error
  void entitlements.check({ resourceType });
  // @ts-expect-error
  void entitlements.usage({});
  // @ts-expect-error
  void entitlements.resolveEntitlement({ resourceType });
  // @ts-expect-error
  void entitlements.setLimit({ resourceType, limit: 1 });
  // @ts-expect-error
  void entitlements.clearLimit({ resourceType });
  // @ts-expect-error
  void entitlements.limits({});
  // @ts-expect-error
  void entitlements.forget({});
  // @ts-expect-error nor undefined, as an optional property of a session would be
  void entitlements.usage({ orgId: undefined });
});

test("the transaction is that of the adapter", () => {
  void entitlements.enforce({ ...admin, tx }, (inner) => expectTypeOf(inner).toEqualTypeOf<MemoryTransaction>());
  void entitlements.enforce({ ...admin, when: (inner) => inner.get("t", "k") === undefined }, write);
  // @ts-expect-error
  void entitlements.enforce({ ...admin, tx: sql }, write);
  // @ts-expect-error
  void entitlements.usage({ orgId: "acme", tx: sql });
  // @ts-expect-error
  void entitlements.setLimit({ ...admin, limit: 1, tx: null });
  // @ts-expect-error
  void entitlements.enforce(admin, (inner: typeof sql) => inner.query("x"));
});

describe("what comes back", () => {
  test("from enforce is what the function gave, at once or later", () => {
    expectTypeOf(entitlements.enforce(admin, () => 5)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(entitlements.enforce(admin, async () => ({ id: "p1" }))).toEqualTypeOf<Promise<{ id: string }>>();
    expectTypeOf(entitlements.enforce(admin, write)).toEqualTypeOf<Promise<void>>();
  });

  test("names only defined resource types", () => {
    expectTypeOf(entitlements.consume(admin)).resolves.toEqualTypeOf<Grant<Defined>>();
    void entitlements.enforce(admin, (_tx, { claims, attempt }) => {
      expectTypeOf(claims[0]?.resourceType).toEqualTypeOf<Defined | undefined>();
      expectTypeOf(claims[0]?.limit).toEqualTypeOf<number | null | undefined>();
      expectTypeOf(attempt).toEqualTypeOf<number>();
    });
    expectTypeOf(entitlements.check(admin)).resolves.toHaveProperty("resourceType").toEqualTypeOf<Defined>();
    expectTypeOf(entitlements.usage({ orgId: "acme" }))
      .resolves.items.toHaveProperty("resourceType")
      .toEqualTypeOf<Defined>();
    expectTypeOf(entitlements.limits({ orgId: "acme" }))
      .resolves.items.toHaveProperty("resourceType")
      .toEqualTypeOf<Defined>();
  });
});
