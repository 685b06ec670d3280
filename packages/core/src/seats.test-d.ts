import { expectTypeOf, test } from "vitest";
import { counter, createEntitlements, defineSeats, memoryAdapter } from "./index.ts";

const seats = defineSeats(
  { "seat:admin": ["owner", "admin"], "seat:member": ["member"] },
  { unknownRole: "seat:member" },
);

test("buckets and roles are the literals of the definition", () => {
  expectTypeOf(seats.buckets).toEqualTypeOf<readonly ("seat:admin" | "seat:member")[]>();
  expectTypeOf(seats.bucketOf("admin")).toEqualTypeOf<"seat:admin" | "seat:member">();
  expectTypeOf(seats.roles("seat:admin")).toEqualTypeOf<readonly ("owner" | "admin" | "member")[]>();
});

test("bucketOf takes any text, since stored roles are texts", () => {
  const stored: string = "admin,member";
  seats.bucketOf(stored);
  // @ts-expect-error
  seats.bucketOf(undefined);
  // @ts-expect-error
  seats.roles("seat:guest");
});

test("a bucket is a resource type of the entitlements without a cast", () => {
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: { "seat:admin": counter({ label: "Admin seats" }), "seat:member": counter({ label: "Member seats" }) },
  });
  void entitlements.consume({ orgId: "acme", resourceType: seats.bucketOf("admin") });
});

test("a malformed bucket, a role that is no text and an unknownRole without a bucket do not compile", () => {
  // @ts-expect-error
  defineSeats({ "Seat:Admin": ["owner"] });
  // @ts-expect-error
  defineSeats({ admin: ["owner"] });
  // @ts-expect-error
  defineSeats({ "seat:admin": [5] });
  // @ts-expect-error
  defineSeats({ "seat:admin": "owner" });
  // @ts-expect-error
  defineSeats({ "seat:admin": ["owner"] }, { unknownRole: "seat:guest" });
});
