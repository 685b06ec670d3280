import type { ReactElement } from "react";

const PATHS = {
  projects: "M3 7.5A1.5 1.5 0 0 1 4.5 6h4l2 2.5h9A1.5 1.5 0 0 1 21 10v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18z",
  members:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.4 3-5.5 6.5-5.5s6.1 2.1 6.5 5.5M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .8 3.2 2.6 3.5 5.1",
  keys: "M14.5 3.5a6 6 0 1 1-4.8 9.6L3.5 19.3V20.5H6.5V18.5H8.5V16.5H10.2L11.3 15.4M16.5 7.6v.1",
  billing: "M4 20V11M10 20V4M16 20V14M21 20H3",
  race: "M4 21V4c4-2.5 6.5 2 10.5 1 2-.4 3.5-1 5.5-1.5v9c-2 .5-3.5 1.1-5.5 1.5-4 1-6.5-3.5-10.5-1",
  operator: "M4 7h9M18 7h2M4 17h2M11 17h9M15.5 4.5v5M8.5 14.5v5",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  chevrons: "M8 9.5l4-4 4 4M8 14.5l4 4 4-4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  plus: "M12 5v14M5 12h14",
  exit: "M14 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H14M10 12h11M17.5 8.5L21 12l-3.5 3.5",
  mail: "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5zM3.5 7.5L12 13l8.5-5.5",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word, of which it says nothing more. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
