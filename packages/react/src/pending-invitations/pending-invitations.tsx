"use client";

import type { Seats } from "@x/entitlements-core/wire";
import type { ForwardedRef, ReactNode, RefAttributes } from "react";
import type { TextProps } from "../i18n/use-text.ts";
import { useEntitlementsContext } from "../provider/context.ts";
import { type SourceProps, takingSource } from "../provider/taking-source.tsx";
import type { RootProps } from "../root-props.ts";
import { InvitationList } from "./invitation-list.tsx";
import type { PendingInvitation } from "./pending-invitation-row.tsx";
import type { PendingInvitationsSlotProps } from "./slots.ts";

export type { PendingInvitation } from "./pending-invitation-row.tsx";
export type { PendingInvitationsSlotProps } from "./slots.ts";

export interface PendingInvitationsProps<I extends PendingInvitation = PendingInvitation>
  extends RootProps,
    TextProps,
    SourceProps {
  /** undefined while they are loading. */
  readonly invitations: readonly I[] | undefined;
  /** Whose they are. Where it is not the organisation on screen they count as loading. */
  readonly orgId?: string | undefined;
  /** Why they could not be loaded. Wins over `invitations`, so that a failure is never taken for an empty list. */
  readonly error?: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Core's `defineSeats`, for what revoking gives back. */
  readonly seats?: Seats | undefined;
  /** Sends it again. May reject, or answer with a `Response`, a problem document or `{ error }`; so may `onRevoke`. */
  onResend?(invitation: I): Promise<unknown>;
  /** Takes it back. Take it off `invitations` afterwards. */
  onRevoke?(invitation: I): Promise<unknown>;
  /** Names a role; the message `roleName` unless given. */
  readonly roleLabel?: ((role: string) => string) | undefined;
  /** What to say of a call that failed for another reason than a limit. */
  readonly errorText?: ((error: unknown) => string | null | undefined) | undefined;
  /** The heading; null leaves it out: name the list with `aria-label` then. */
  readonly heading?: ReactNode;
  /** 2 unless told otherwise. */
  readonly skeletonRows?: number | undefined;
  readonly slotProps?: PendingInvitationsSlotProps | undefined;
}

type PendingInvitationsComponent = <I extends PendingInvitation>(
  props: PendingInvitationsProps<I> & RefAttributes<HTMLElement>,
) => ReactNode;

/** Open invitations, each with its end, and what revoking it gives back. */
export const PendingInvitations: PendingInvitationsComponent = takingSource(function PendingInvitations(
  props: PendingInvitationsProps,
  ref: ForwardedRef<HTMLElement>,
) {
  const { scope } = useEntitlementsContext();
  // Keyed, so that how a call ended is not told to another organisation.
  return <InvitationList key={scope} {...props} forwardedRef={ref} />;
});
