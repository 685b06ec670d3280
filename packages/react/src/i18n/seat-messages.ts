import type { CheckReason } from "../data/check.ts";
import type { Format } from "./format.ts";

/** What the choice of a role says. */
export interface SeatMessages {
  /** A role as people read it: "Billing admin" for `billing_admin`. */
  roleName(values: { readonly role: string }, format: Format): string;
  chooseRole(): string;
  /** Beside a kind of seat: "3 free" */
  seatsFree(values: { readonly free: number }, format: Format): string;
  /** Beside a kind of seat that nobody can take. */
  seatsFull(): string;
  /** Why some roles cannot be chosen, in a sentence below the choice. `roles` are names already. */
  rolesUnavailable(
    values: {
      readonly reason: CheckReason;
      readonly label: string;
      readonly roles: readonly string[];
      readonly current: number;
      readonly limit: number | null;
    },
    format: Format,
  ): string;
}
