import type { Entitlements } from "@x/entitlements-core";

/** The part of what `createEntitlements` returned that is used, whatever its adapter. */
export type SeatEntitlements<T extends string> = Pick<
  Entitlements<never, T>,
  "resourceTypes" | "reserve" | "release" | "check" | "usage"
>;
