import type { ComponentPropsWithRef } from "react";

/** What the parts may be given. */
export interface PendingInvitationsSlotProps {
  readonly title?: ComponentPropsWithRef<"h2">;
  readonly items?: ComponentPropsWithRef<"ul">;
  readonly item?: ComponentPropsWithRef<"li">;
  readonly resend?: ComponentPropsWithRef<"button">;
  readonly revoke?: ComponentPropsWithRef<"button">;
  readonly message?: ComponentPropsWithRef<"div">;
  readonly retry?: ComponentPropsWithRef<"button">;
}
