import type { ComponentPropsWithRef } from "react";

/** What a part may be given: any attribute, `className`, `style` and `ref`. */
export interface UsageBarSlotProps {
  readonly label?: ComponentPropsWithRef<"span">;
  readonly badge?: ComponentPropsWithRef<"span">;
  readonly value?: ComponentPropsWithRef<"span">;
  readonly track?: ComponentPropsWithRef<"div">;
  readonly indicator?: ComponentPropsWithRef<"div">;
  readonly reserved?: ComponentPropsWithRef<"div">;
  readonly limitMark?: ComponentPropsWithRef<"div">;
  readonly hint?: ComponentPropsWithRef<"div">;
  readonly retry?: ComponentPropsWithRef<"button">;
}
