import type { ReactElement } from "react";

/** The initials of somebody or something whose name stands beside it. */
export function Avatar({ name, shape }: { readonly name: string; readonly shape?: "square" }): ReactElement {
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("");
  return (
    <span className="avatar" data-shape={shape} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
