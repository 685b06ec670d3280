import type { Seats } from "@x/entitlements-core/wire";
import { type ForwardedRef, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { rowOf } from "../data/row.ts";
import { useNow } from "../hooks/use-now.ts";
import { english } from "../i18n/english.ts";
import { useText } from "../i18n/use-text.ts";
import { ListMessage } from "../list-message.tsx";
import { useEntitlementsContext } from "../provider/context.ts";
import { InvitationSkeleton } from "./invitation-skeleton.tsx";
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
  const context = useEntitlementsContext();
  const { messages, format } = useText(english, { locale, messages: own });
  const titleId = useId();
  const now = useNow();
  const [news, setNews] = useState("");
  const isOurs = orgId === undefined || orgId === context.orgId;
  const rows = isOurs && !error ? invitations : undefined;
  const kind = isOurs && error ? "error" : rows === undefined ? "loading" : rows.length ? "ready" : "empty";
  const region = useFocusAfterRemoval(rows?.length, news !== "");
  const title = heading === undefined ? messages.pendingTitle() : heading;

  // Nothing where seats have no limit, where the server does not count open invitations, or where this one has expired.
  function freed(role: string, expiresAt: Date | string): string | null {
    const { usage } = rowOf(context.state, bucketOf(seats, role));
    if (!usage?.reserved || usage.limit === null || (now && new Date(expiresAt) <= now)) return null;
    return messages.pendingFrees({ bucket: usage.resourceType, label: usage.label }, format);
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
        {kind === "loading" && (
          <InvitationSkeleton rows={skeletonRows} text={messages.pendingLoading()} slot={slotProps.message} />
        )}
        {(kind === "error" || kind === "empty") && (
          <ListMessage
            of="pending-invitations"
            status={kind}
            text={kind === "error" ? messages.pendingFailed() : messages.pendingEmpty()}
            retry={messages.retry()}
            {...{ onRetry, slotProps }}
          />
        )}
        {kind === "ready" && (
          <ul
            // biome-ignore lint/a11y/noRedundantRoles: Safari takes the list away from a list without bullets.
            role="list"
            {...slotProps.items}
            data-slot="pending-invitations-items"
            data-status="ready"
          >
            {rows?.map((invitation) => (
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
                {...{ errorText, messages, format, slotProps }}
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
function bucketOf(seats: Seats | undefined, role: string): string {
  try {
    return seats?.bucketOf(role) ?? "";
  } catch {
    return "";
  }
}

/** The button that was pressed goes with its row: the list takes the focus then, instead of the top of the page. */
function useFocusAfterRemoval(count: number | undefined, hasActed: boolean) {
  const region = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever a row comes or goes
  useEffect(() => {
    if (hasActed && document.activeElement === document.body) region.current?.focus();
  }, [count]);
  return region;
}
