import type { ComponentPropsWithRef } from "react";
import type { UsageListSlotProps } from "../usage-list/slots.ts";

/** What the parts may be given. */
export interface BillingCardSlotProps {
  readonly title?: ComponentPropsWithRef<"h2">;
  readonly plan?: ComponentPropsWithRef<"p">;
  readonly banner?: ComponentPropsWithRef<"p">;
  readonly more?: ComponentPropsWithRef<"div">;
  readonly list?: UsageListSlotProps;
}
