import type { ComponentPropsWithRef, MouseEvent, ReactElement } from "react";

export interface ButtonProps extends Omit<ComponentPropsWithRef<"button">, "disabled"> {
  readonly kind?: "primary" | "danger" | "quiet";
  readonly size?: "small";
  /** Its call is under way: it keeps the focus and does nothing more. */
  readonly isPending?: boolean;
  /** It can be read and reached, but not pressed: say why in `aria-describedby`. */
  readonly isBlocked?: boolean;
}

export function Button({ kind, size, isPending, isBlocked, type, onClick, ...rest }: ButtonProps): ReactElement {
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isPending || isBlocked) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      className="button"
      {...rest}
      type={type ?? "button"}
      onClick={click}
      aria-disabled={isPending || isBlocked || undefined}
      aria-busy={isPending || undefined}
      data-kind={kind}
      data-size={size}
    />
  );
}
