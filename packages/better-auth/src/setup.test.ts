import { createEntitlements, defineSeats, feature, memoryAdapter, rows } from "@x/entitlements-core";
import { isConfigurationError } from "@x/entitlements-core/errors";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromLibsql } from "@x/entitlements-sqlite/libsql";
import Libsql from "libsql";
import { expect, test } from "vitest";
import { entitlementHooks } from "./hooks.ts";
import { organizationSeats } from "./organization-seats.ts";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });

function refused(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (isConfigurationError(error)) return error.message;
    throw error;
  }
  return "accepted";
}

test("seats that nobody counts are refused where the hooks are made, not at the first invitation", () => {
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: { "seat:admin": feature({ label: "A" }), "seat:member": feature({ label: "M" }) },
  });
  expect(refused(() => entitlementHooks(entitlements, { seats }))).toMatch(/Spread organizationSeats\(seats\)/);
  organizationSeats(seats);
  const half = createEntitlements({ adapter: memoryAdapter(), resources: { "quota:x": feature({ label: "X" }) } });
  expect(refused(() => entitlementHooks(half as never, { seats }))).toMatch(/Spread organizationSeats\(seats\)/);
  expect(refused(() => entitlementHooks(undefined as never, { seats }))).toMatch(/createEntitlements\(\) returned/);
  expect(refused(() => entitlementHooks(entitlements, {} as never))).toMatch(/Spread organizationSeats\(seats\)/);
});

test("a founder's role that takes no known seat is refused where the hooks are made", () => {
  const resources = organizationSeats(seats);
  const entitlements = createEntitlements({
    adapter: sqliteAdapter(fromLibsql(() => new Libsql(":memory:"))),
    resources,
  });
  expect(refused(() => entitlementHooks(entitlements, { seats, creatorRole: "boss" }))).toMatch(
    /creatorRole "boss" takes no/,
  );
  expect(entitlementHooks(entitlements, { seats, creatorRole: "admin" }).creatorRole).toBe("admin");
  for (const holdMs of [0, -1, 1.5, Number.NaN])
    expect(refused(() => organizationSeats(seats, { holdMs }))).toMatch(/holdMs must be a whole number/);
});

test("a misspelt option is an error: it would be ignored", () => {
  const wrong = [
    () => organizationSeats(seats, { countpending: false } as never),
    () => organizationSeats(seats, { tables: { members: {} } as never }),
    () => organizationSeats(seats, { tables: { member: { user_id: "x" } as never } }),
    () => organizationSeats(seats, { labels: { "seat:amdin": "x" } as never }),
    () => entitlementHooks(undefined as never, { seats, hook: {} } as never),
  ];
  for (const attempt of wrong) expect(refused(attempt)).toMatch(/has no property .* It takes: /);
  expect(refused(() => organizationSeats(undefined as never))).toMatch(/wants `seats`/);
});

test("labels are made of the buckets' names where none are given", () => {
  const named = organizationSeats(defineSeats({ "seat:billing_admin": ["owner"], "seat:member": ["member"] }), {
    labels: { "seat:member": "Mitglieder" },
  });
  expect(Object.values(named).map(({ label }) => label)).toEqual(["Billing admin seats", "Mitglieder"]);
});

test("resources of the host's own stand beside the seats", () => {
  const resources = { ...organizationSeats(seats), "quota:project": rows({ label: "P", table: "p", orgColumn: "o" }) };
  expect(Object.keys(resources)).toEqual(["seat:admin", "seat:member", "quota:project"]);
});
