import type { Denial } from "../data/denial.ts";
import type { AddressMark } from "../invite-form/lines.ts";
import type { Format } from "./format.ts";

/** What stands beside an address. */
export type InviteLineStatus = Exclude<AddressMark, "unfinished"> | "full" | "sending" | "sent" | "failed";

/** What the form for invitations says. */
export interface InviteMessages {
  inviteAddresses(): string;
  inviteAddressesHint(): string;
  inviteFile(): string;
  /** A file was read. */
  inviteFileRead(values: { readonly name: string; readonly count: number }, format: Format): string;
  /** It could not be read, or has more than 1 MB. */
  inviteFileFailed(values: { readonly name: string }): string;
  inviteRole(): string;
  inviteLines(values: { readonly total: number; readonly ready: number }, format: Format): string;
  inviteLine(values: { readonly status: InviteLineStatus }): string;
  /** Below a list that is cut short. */
  inviteMore(values: { readonly count: number }, format: Format): string;
  /** "3 of 5 fit in Admin seats". `free` is null where the seats have no limit. */
  inviteFit(
    values: { readonly label: string; readonly ready: number; readonly fits: number; readonly free: number | null },
    format: Format,
  ): string;
  inviteEveryFull(): string;
  /** What a refusal means for what was typed. */
  inviteDenied(denial: Denial, format: Format): string;
  inviteSubmit(values: { readonly count: number }, format: Format): string;
  /** Why nothing can be sent yet. */
  inviteMissing(values: { readonly what: "address" | "role" }): string;
  inviteSending(): string;
  inviteSent(values: { readonly sent: number; readonly failed: number; readonly kept: number }, format: Format): string;
}
