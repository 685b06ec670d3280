import type { SeatBucket } from "../hooks/use-seats.ts";
import type { InviteLineStatus } from "../i18n/invite-messages.ts";
import type { AddressLine } from "./lines.ts";
import type { Sending } from "./use-sending.ts";

/** How many of `ready` addresses get a seat; none while nothing is known. */
export function fitIn({ reason, free }: SeatBucket, ready: number): number {
  if (reason !== null) return 0;
  return free === null ? ready : Math.min(free, ready);
}

/** The addresses that take a seat which the numbers do not include: those to be sent, and those sent since they were fetched. */
export function uncounted(
  lines: readonly AddressLine[],
  results: ReadonlyMap<string, Sending>,
  counted: ReadonlyMap<string, Sending>,
): readonly AddressLine[] {
  // Once sent it may be in the host's list of invitations as well.
  const takesOne = ({ id, mark }: AddressLine) =>
    mark === "ready" || (mark !== "duplicate" && results.get(id)?.status === "sent");
  return lines.filter((line) => takesOne(line) && counted.get(line.id)?.status !== "sent");
}

export interface ShownLine {
  readonly email: string;
  /** null: nothing yet, it is being typed. */
  readonly status: InviteLineStatus | null;
  /** The host's own word on a failure. */
  readonly text?: string | null | undefined;
}

/**
 * What stands beside each address. `counted`: the results that the numbers of seats include already. `fits`: how many get a
 * seat; null while no role is chosen.
 */
export function showLines(
  lines: readonly AddressLine[],
  results: ReadonlyMap<string, Sending>,
  counted: ReadonlyMap<string, Sending>,
  fits: number | null,
): readonly ShownLine[] {
  let place = 0;
  return lines.map(({ email, id, mark }) => {
    const result = mark === "duplicate" ? undefined : results.get(id);
    // Once sent it is in the host's list of invitations as well.
    if (result && (mark === "ready" || result.status === "sent")) {
      if (counted.get(id)?.status !== "sent") place += 1;
      return { email, ...result };
    }
    if (mark !== "ready") return { email, status: mark === "unfinished" ? null : mark };
    place += 1;
    return { email, status: fits !== null && place > fits ? "full" : "ready" };
  });
}
