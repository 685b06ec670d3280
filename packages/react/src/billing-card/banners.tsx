import type { Usage } from "@x/entitlements-core/wire";
import type { ComponentPropsWithRef, ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import { Icon, statusIcons } from "../icon.tsx";

/** The most serious first. */
const STATUSES = ["over", "at", "near"] as const;

export interface BannersProps {
  readonly entitlements: readonly Usage[];
  readonly messages: Messages;
  readonly format: Format;
  readonly slot: ComponentPropsWithRef<"p"> | undefined;
}

/** One line for each status that needs attention. A feature that is on stands at 1 of 1 at most, which is nothing to attend to. */
export function Banners({ entitlements, messages, format, slot }: BannersProps): ReactElement {
  const labelsOf = (status: Usage["status"]) =>
    entitlements.filter((row) => row.kind === "count" && row.status === status).map(({ label }) => label);
  return (
    <>
      {STATUSES.map((status) => {
        const labels = labelsOf(status);
        return labels.length === 0 ? null : (
          <p key={status} {...slot} data-slot="billing-card-banner" data-status={status}>
            <Icon path={statusIcons[status] ?? ""} />
            <bdi>{messages.billingBanner({ status, labels }, format)}</bdi>
          </p>
        );
      })}
    </>
  );
}
