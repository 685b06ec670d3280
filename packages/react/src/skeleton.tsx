import type { ReactElement } from "react";

/** Stands where a text will be. `text` is for those who cannot see it. */
export function Skeleton({ text }: { readonly text: string }): ReactElement {
  return (
    <span data-slot="skeleton">
      <span data-slot="visually-hidden">{text}</span>
    </span>
  );
}
