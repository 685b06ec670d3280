import type { ReactElement } from "react";
import type { DisplayStatus } from "./display-status.ts";

/** A shape per status, so that nothing is told by colour alone. Read aloud as nothing: a text stands beside it. */
export function StatusIcon({ status }: { readonly status: DisplayStatus }): ReactElement | null {
  const path = PATHS[status];
  if (path === undefined) return null;
  return (
    <svg
      aria-hidden="true"
      focusable="false"
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

const triangle = "M8 2.5 14.5 13.5H1.5ZM8 6.5v3M8 11.5v.01";
const circle = "M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5Z";

const PATHS: { readonly [S in DisplayStatus]?: string } = {
  near: triangle,
  at: `${circle}M8 4.75v3.75M8 11.25v.01`,
  over: `${circle}M8 11.25V5M5.5 7.25 8 4.75l2.5 2.5`,
  error: `${circle}M5.75 5.75l4.5 4.5M10.25 5.75l-4.5 4.5`,
  blocked: "M4 7.25h8v6.25H4ZM5.5 7.25V5a2.5 2.5 0 0 1 5 0v2.25",
  unlimited:
    "M8 8C6.75 6.25 5.75 5.25 4.25 5.25a2.75 2.75 0 0 0 0 5.5C5.75 10.75 6.75 9.75 8 8s2.25-2.75 3.75-2.75a2.75 2.75 0 0 1 0 5.5C10.25 10.75 9.25 9.75 8 8Z",
};
