import { waitFor } from "@testing-library/react";
import { defineSeats } from "@x/entitlements-core/wire";
import { expect, test } from "vitest";
import { answering, renderHookUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { useSeats } from "./use-seats.ts";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"], "seat:guest": ["guest"] });
const rows = [
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 2, current: 2, reserved: 1 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 7, reserved: 2 }),
];

test("each bucket tells what is free and whether that many can be invited", async () => {
  const { result } = renderHookUnder({ fetcher: answering(response("acme", ...rows)) }, () => useSeats(seats));
  await waitFor(() => expect(result.current.status).toBe("ready"));
  const [admin, member, guest] = result.current.buckets;
  expect(admin).toMatchObject({ bucket: "seat:admin", label: "Admin seats", roles: ["owner", "admin"], status: "at" });
  expect(admin).toMatchObject({ limit: 2, current: 2, reserved: 1, free: 0, reason: "limit" });
  expect(admin?.canInvite()).toBe(false);
  expect(member).toMatchObject({ limit: 10, current: 7, reserved: 2, free: 3, reason: null });
  expect([member?.canInvite(), member?.canInvite(3), member?.canInvite(4)]).toEqual([true, true, false]);
  expect(guest).toMatchObject({ limit: null, free: null, status: "unconfigured", reason: "unconfigured" });
  expect(guest?.canInvite()).toBe(false);
});

test("while loading nobody can be invited, and nothing looks unlimited", () => {
  const { result } = renderHookUnder({ orgId: null }, () => useSeats(seats));
  expect(result.current.status).toBe("loading");
  for (const bucket of result.current.buckets) {
    expect(bucket).toMatchObject({ status: "loading", free: null, reason: "loading" });
    expect(bucket.canInvite()).toBe(false);
  }
});

test("a role leads to the seat that it takes, several roles to the highest", async () => {
  const { result } = renderHookUnder({ fetcher: answering(response("acme", ...rows)) }, () => useSeats(seats));
  expect(result.current.bucketFor("owner").bucket).toBe("seat:admin");
  expect(result.current.bucketFor("member,admin").bucket).toBe("seat:admin");
  expect(() => result.current.bucketFor("visitor")).toThrow(/takes no known seat/);
  await waitFor(() => expect(result.current.bucketFor("member").free).toBe(3));
});
