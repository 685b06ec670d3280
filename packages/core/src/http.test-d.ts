import { expectTypeOf, test } from "vitest";
import { createEntitlementsHandler, parseProblem, problemFrom } from "./http.ts";
import {
  counter,
  createEntitlements,
  isFeatureDisabledError,
  isLimitReachedError,
  isPaymentRequiredError,
  isStorageError,
  memoryAdapter,
} from "./index.ts";

const entitlements = createEntitlements({
  adapter: memoryAdapter(),
  resources: { "quota:project": counter({ label: "Projects" }) },
});

test("the usage handler does not compile without authorize", () => {
  expectTypeOf(createEntitlementsHandler({ entitlements, authorize: () => null })).toEqualTypeOf<
    (request: Request) => Promise<Response>
  >();
  // @ts-expect-error
  createEntitlementsHandler({ entitlements });
  // @ts-expect-error
  createEntitlementsHandler({ entitlements, authorize: undefined });
});

test("authorize answers with an organisation, a Response or null: a bare yes is no answer", () => {
  createEntitlementsHandler({ entitlements, authorize: async () => new Response() });
  createEntitlementsHandler({ entitlements, authorize: (request) => ({ orgId: request.url }) });
  // @ts-expect-error
  createEntitlementsHandler({ entitlements, authorize: () => true });
  // @ts-expect-error
  createEntitlementsHandler({ entitlements, authorize: () => "acme" });
  // @ts-expect-error
  createEntitlementsHandler({ entitlements, authorize: () => ({ orgId: undefined }) });
  // @ts-expect-error
  createEntitlementsHandler({ entitlements, authorize: () => {} });
});

test("guards tell which data an error carries", () => {
  const error: unknown = undefined;
  if (isLimitReachedError(error)) {
    expectTypeOf<typeof error.code>().toEqualTypeOf<"ENTITLEMENT_LIMIT_REACHED">();
    expectTypeOf<typeof error.status>().toEqualTypeOf<402>();
    expectTypeOf(error.current).toEqualTypeOf<number>();
  }
  if (isPaymentRequiredError(error) && !isLimitReachedError(error))
    expectTypeOf<typeof error.code>().toEqualTypeOf<"ENTITLEMENT_FEATURE_DISABLED">();
  if (isStorageError(error)) expectTypeOf(error.outcome).toEqualTypeOf<"rolled-back" | "unknown">();
  // @ts-expect-error a feature has no numbers
  if (isFeatureDisabledError(error)) void error.current;
});

test("a problem's code tells which fields it has", () => {
  for (const problem of [problemFrom(new Error()), parseProblem({})]) {
    if (problem?.code === "ENTITLEMENT_LIMIT_REACHED") expectTypeOf(problem.limit).toEqualTypeOf<number>();
    if (problem?.code === "ENTITLEMENT_STORAGE")
      expectTypeOf(problem.outcome).toEqualTypeOf<"rolled-back" | "unknown">();
    // @ts-expect-error no limit on an internal error
    if (problem?.code === "ENTITLEMENT_INTERNAL") void problem.limit;
  }
  // @ts-expect-error null where it is none of ours
  void parseProblem({}).code;
});
