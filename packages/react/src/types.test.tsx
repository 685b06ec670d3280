import { defineSeats, type UsageResponse } from "@x/entitlements-core/wire";
import type { KeyedMutator } from "swr";
import { expectTypeOf, test } from "vitest";
import {
  type EntitlementsProviderProps,
  InviteForm,
  RoleSelect,
  type UsageFetcher,
  type UsageSource,
} from "./index.ts";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });

test("a provider wants an endpoint or a fetcher", () => {
  expectTypeOf<{ orgId: string; endpoint: string }>().toExtend<EntitlementsProviderProps>();
  expectTypeOf<{ orgId: null; fetcher: UsageFetcher }>().toExtend<EntitlementsProviderProps>();
  expectTypeOf<{ orgId: string; endpoint: string; fetcher: UsageFetcher }>().toExtend<EntitlementsProviderProps>();
  expectTypeOf<{ orgId: string }>().not.toExtend<EntitlementsProviderProps>();
  expectTypeOf<{ orgId: string; endpoint: string | undefined }>().not.toExtend<EntitlementsProviderProps>();
});

test("a source is what SWR, TanStack Query or a router of the host's has, and says whose it is", () => {
  interface Loaded {
    orgId: string;
    usage: UsageResponse | undefined;
  }
  expectTypeOf<Loaded & { error: unknown; refresh: KeyedMutator<UsageResponse> }>().not.toExtend<UsageSource>();
  expectTypeOf<Loaded & { error: Error | undefined; refresh: KeyedMutator<UsageResponse> }>().toExtend<UsageSource>();
  expectTypeOf<Loaded & { error: Error | null; refresh: () => Promise<object> }>().toExtend<UsageSource>();
  expectTypeOf<Loaded & { refresh: () => void }>().toExtend<UsageSource>();
  expectTypeOf<{ usage: UsageResponse }>().not.toExtend<UsageSource>();
});

test("the roles are those of the seats", () => {
  const onInvite = async (_email: string, _role: "owner" | "admin" | "member") => {};
  expectTypeOf(<InviteForm seats={seats} onInvite={onInvite} defaultRole="admin" only={["admin", "member"]} />);
  // @ts-expect-error
  expectTypeOf(<InviteForm seats={seats} onInvite={onInvite} defaultRole="boss" />);
  // @ts-expect-error
  expectTypeOf(<InviteForm seats={seats} onInvite={onInvite} only={["boss"]} />);
  // @ts-expect-error
  expectTypeOf(<InviteForm seats={seats} onInvite={async (_email: string, _role: "owner") => {}} />);
  expectTypeOf(<InviteForm seats={seats} onInvite={async (email, role) => onInvite(email, role)} />);
  expectTypeOf(<InviteForm seats={seats} onInvite={async (_email: string, _role: string) => {}} />);
  expectTypeOf(<RoleSelect label="Role" seats={seats} defaultValue="admin" />);
  // @ts-expect-error
  expectTypeOf(<RoleSelect label="Role" seats={seats} defaultValue="boss" />);
  // @ts-expect-error
  expectTypeOf(<RoleSelect label="Role" seats={seats} only={["boss"]} />);
});
