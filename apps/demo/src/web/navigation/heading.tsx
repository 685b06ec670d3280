import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";

const keyAtLoad = keyOf(history.state) ?? "default";

/** The router's name for an entry of the browser's history. */
function keyOf(state: unknown): unknown {
  return typeof state === "object" && state !== null && "key" in state ? state.key : null;
}

export interface HeadingProps {
  readonly children: ReactNode;
  /** Whether what stands below it has given way to something else, and the focus with it. */
  readonly isRenewed?: boolean;
}

/** The heading of a page. After a navigation it takes the focus, as the browser does with a new page. */
export function Heading({ children, isRenewed = false }: HeadingProps): ReactElement {
  const ref = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const type = useNavigationType();
  useEffect(() => {
    // What was loaded or reloaded here: the browser has put the focus where it belongs.
    if (key === keyAtLoad) return;
    ref.current?.focus({ preventScroll: true });
    // Going back, the browser restores where one was.
    if (type !== "POP") window.scrollTo(0, 0);
  }, []);
  useEffect(() => {
    if (isRenewed) ref.current?.focus();
  }, [isRenewed]);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
}
