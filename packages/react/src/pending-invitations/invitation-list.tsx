import type { Seats } from "@x/entitlements-core/wire";
import { type ForwardedRef, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { rowOf } from "../data/row.ts";
import type { EntitlementsState } from "../data/state.ts";
import { useNow } from "../hooks/use-now.ts";
import { english } from "../i18n/english.ts";
import { useText } from "../i18n/use-text.ts";
import { useEntitlementsContext } from "../provider/context.ts";
import { InvitationListMessage } from "./invitation-list-message.tsx";
import { PendingInvitationRow } from "./pending-invitation-row.tsx";
import type { PendingInvitationsProps } from "./pending-invitations.tsx";

export interface InvitationListProps extends PendingInvitationsProps {
  readonly forwardedRef: ForwardedRef<HTMLElement>;
}

export function InvitationList({
  invitations,
  orgId,
  error,
  onRetry,
  seats,
  onResend,
  onRevoke,
  roleLabel,
  errorText,
  heading,
  skeletonRows = 2,
  slotProps = {},
  locale,
  messages: own,
  forwardedRef,
  ...root
}: InvitationListProps): ReactElement {
  const context = useEntitlementsContext("<PendingInvitations>");
  const { messages, format } = useText(english, { locale, messages: own });
  const titleId = useId();
  const now = useNow();
  const [news, setNews] = useState("");
  const isOurs = orgId === undefined || orgId === context.orgId;
  const rows = isOurs && !error ? invitations : undefined;
  const kind = !isOurs ? "loading" : error ? "error" : rows === undefined ? "loading" : rows.length ? "ready" : "empty";
  const region = useFocusAfterRemoval(rows?.length ?? 0);
  const title = heading === undefined ? messages.pendingTitle() : heading;

  function freed(role: string, expiresAt: Date | string): string | null {
    const bucket = seats && bucketOf(seats, role);
    const isOver = now !== null && new Date(expiresAt) <= now;
    if (!bucket || isOver) return null;
    const text = seatGivenBack(context.state, bucket);
    return text && messages.pendingFrees(text, format);
  }

  return (
    <section
      aria-labelledby={title === null ? undefined : titleId}
      {...root}
      ref={forwardedRef}
      aria-busy={kind === "loading"}
      data-slot="pending-invitations"
      data-status={kind}
    >
      {title !== null && (
        <h2 {...slotProps.title} id={titleId} data-slot="pending-invitations-title" data-status={kind}>
          {title}
        </h2>
      )}
      <div ref={region} tabIndex={-1} data-slot="pending-invitations-body">
        {kind !== "ready" && (
          <InvitationListMessage {...{ kind, messages, onRetry, slotProps }} skeletonRows={skeletonRows} />
        )}
        {rows !== undefined && rows.length > 0 && (
          <ul
            // biome-ignore lint/a11y/noRedundantRoles: Safari takes the list away from a list without bullets.
            role="list"
            aria-labelledby={title === null ? undefined : titleId}
            {...slotProps.items}
            data-slot="pending-invitations-items"
            data-status="ready"
          >
            {rows.map((invitation) => (
              <PendingInvitationRow
                key={invitation.id}
                invitation={invitation}
                roleName={roleLabel?.(invitation.role) ?? messages.roleName({ role: invitation.role }, format)}
                frees={onRevoke ? freed(invitation.role, invitation.expiresAt) : null}
                actions={{
                  resend: onResend && (() => onResend(invitation)),
                  revoke: onRevoke && (() => onRevoke(invitation)),
                }}
                announce={setNews}
                {...{ now, errorText, messages, format, slotProps }}
              />
            ))}
          </ul>
        )}
      </div>
      <span role="status" data-slot="visually-hidden">
        {news}
      </span>
    </section>
  );
}

/** A role that takes no known seat gives none back either. */
function bucketOf(seats: Seats, role: string): string | null {
  try {
    return seats.bucketOf(role);
  } catch {
    return null;
  }
}

/** Nothing where seats have no limit, or where the server does not count open invitations. */
function seatGivenBack(state: EntitlementsState, bucket: string): { bucket: string; label: string } | null {
  const { usage } = rowOf(state, bucket);
  return usage && usage.limit !== null && usage.reserved > 0 ? { bucket, label: usage.label } : null;
}

/** The button that had the focus goes with its row: the list takes it then, instead of the top of the page. */
function useFocusAfterRemoval(count: number) {
  const region = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  const before = useRef(count);
  useEffect(() => {
    const list = region.current;
    const note = () => {
      hadFocus.current = list?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (count < before.current && hadFocus.current && isLost) region.current?.focus();
    before.current = count;
  }, [count]);
  return region;
}
