import type { ComponentPropsWithRef } from "react";
import type { UsageBarSlotProps } from "../usage-bar/slots.ts";

/** What the parts of a list may be given. */
export interface UsageListSlotProps {
  readonly title?: ComponentPropsWithRef<"h2">;
  readonly groupTitle?: ComponentPropsWithRef<"h3">;
  readonly items?: ComponentPropsWithRef<"ul">;
  readonly item?: ComponentPropsWithRef<"li">;
  readonly message?: ComponentPropsWithRef<"div">;
  readonly retry?: ComponentPropsWithRef<"button">;
  /** For every bar of the list. */
  readonly bar?: UsageBarSlotProps;
}
