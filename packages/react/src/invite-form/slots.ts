import type { ComponentPropsWithRef } from "react";
import type { RoleSelectSlotProps } from "../role-select/slots.ts";

/** What the parts may be given. */
export interface InviteFormSlotProps {
  readonly label?: ComponentPropsWithRef<"label">;
  readonly addresses?: ComponentPropsWithRef<"textarea">;
  readonly file?: ComponentPropsWithRef<"label">;
  readonly lines?: ComponentPropsWithRef<"ul">;
  readonly line?: ComponentPropsWithRef<"li">;
  readonly fits?: ComponentPropsWithRef<"ul">;
  readonly submit?: ComponentPropsWithRef<"button">;
  readonly role?: RoleSelectSlotProps;
}
