import { type Limit, remaining } from "@x/entitlements-core/wire";
import type { CheckReason } from "../data/check.ts";
import { nameOf } from "../data/row.ts";
import { displayStatus } from "../display-status.ts";
import type { SeatBucket } from "../hooks/use-seats.ts";

/** A kind of seat in plain numbers. `limit`: null is unlimited, 0 is blocked, absent is not configured. */
export interface RoleBucket<Role extends string = string> {
  readonly bucket: string;
  /** What people call these seats: "Admin seats". */
  readonly label: string;
  readonly roles: readonly Role[];
  readonly limit?: Limit | undefined;
  /** Members, open invitations and holds. */
  readonly current?: number | undefined;
}

/** A kind of seat as the choice shows it. */
export interface OfferedBucket<Role extends string = string> {
  readonly bucket: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly limit: Limit;
  readonly current: number;
  readonly free: Limit;
  /** Why not one more fits; null where one does. */
  readonly reason: CheckReason | null;
}

export function fromNumbers<Role extends string>(given: RoleBucket<Role>): OfferedBucket<Role> {
  const { limit = null, current = 0 } = given;
  return { ...given, limit, current, free: remaining(limit, current), reason: whyNot(given.limit, current) };
}

export function fromSeats<Role extends string>(seat: SeatBucket<string, Role>): OfferedBucket<Role> {
  return { ...seat, label: seat.label ?? nameOf(seat.bucket) };
}

function whyNot(limit: Limit | undefined, current: number): CheckReason | null {
  const status = displayStatus({ limit, current });
  if (status === "at" || status === "over") return "limit";
  return status === "blocked" || status === "unconfigured" || status === "error" ? status : null;
}
