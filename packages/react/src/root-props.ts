import type { HTMLAttributes } from "react";

/** What the outermost element of a component takes: every attribute but those that the component decides. */
export type RootProps = Omit<HTMLAttributes<HTMLElement>, "children" | "role" | "title">;
