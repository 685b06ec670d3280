import type { ComponentPropsWithRef } from "react";

/** What the parts may be given. */
export interface RoleSelectSlotProps {
  readonly label?: ComponentPropsWithRef<"label">;
  readonly trigger?: ComponentPropsWithRef<"button">;
  readonly list?: Omit<ComponentPropsWithRef<"div">, "dir">;
  readonly option?: ComponentPropsWithRef<"div">;
  readonly reasons?: ComponentPropsWithRef<"div">;
}
