import type { ReactElement } from "react";
import type { DisplayStatus } from "./display-status.ts";

/** A shape beside a word, so that nothing is told by colour alone. Read aloud as nothing. */
export function Icon({ path }: { readonly path: string }): ReactElement {
  return (
    <svg
      aria-hidden="true"
      data-slot="status-icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={path} />
    </svg>
  );
}

const circle = "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12Z";

const warning = "M8 2.5 14.5 13.5H1.5ZM8 6.5v3M8 11.5v.01";
export const full: string = `${circle}M8 5v3.5M8 11v.01`;
const above = `${circle}M8 11V5M5.5 7.5 8 5l2.5 2.5`;
export const lock = "M4 7.25h8v6.25H4ZM5.5 7.25V5a2.5 2.5 0 0 1 5 0v2.25";
export const cross = "M4 4l8 8M12 4l-8 8";

/** For the statuses that need attention. */
export const statusIcons: { readonly [S in DisplayStatus]?: string } = { near: warning, at: full, over: above };
