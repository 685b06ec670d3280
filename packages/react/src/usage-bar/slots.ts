import type { ComponentPropsWithRef, CSSProperties } from "react";
import type { DisplayStatus } from "../display-status.ts";

/** What a part may be given: any attribute, `className`, `style` and `ref`. */
export interface UsageBarSlotProps {
  readonly label?: ComponentPropsWithRef<"span">;
  readonly badge?: ComponentPropsWithRef<"span">;
  readonly value?: ComponentPropsWithRef<"span">;
  readonly track?: ComponentPropsWithRef<"div">;
  readonly indicator?: ComponentPropsWithRef<"div">;
  readonly reserved?: ComponentPropsWithRef<"div">;
  /** Where the limit lies on a bar that is over it. */
  readonly mark?: ComponentPropsWithRef<"div">;
  readonly hint?: ComponentPropsWithRef<"div">;
  readonly retry?: ComponentPropsWithRef<"button">;
}

/** The attributes of a part: the host's, and its own names on top of them. The host's style wins over the part's. */
export type Part = <Name extends keyof UsageBarSlotProps>(
  name: Name,
  style?: CSSProperties,
) => UsageBarSlotProps[Name] & PartAttributes;

interface PartAttributes {
  readonly "data-slot": string;
  readonly "data-status": DisplayStatus;
  readonly style: CSSProperties;
}

export function usageBarParts(slotProps: UsageBarSlotProps, status: DisplayStatus): Part {
  return (name, style) => {
    const given = slotProps[name];
    return {
      ...given,
      "data-slot": `usage-bar-${name}`,
      "data-status": status,
      style: { ...style, ...given?.style },
    };
  };
}
