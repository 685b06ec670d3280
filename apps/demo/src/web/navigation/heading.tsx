import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";

/** The heading of a page. After a navigation it takes the focus, as the browser does with a new page. */
export function Heading({ children }: { readonly children: ReactNode }): ReactElement {
  const ref = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const type = useNavigationType();
  useEffect(() => {
    // What the page began with has this key: the browser has put the focus where it belongs.
    if (key === "default") return;
    ref.current?.focus({ preventScroll: true });
    // Going back, the browser restores where one was.
    if (type !== "POP") window.scrollTo(0, 0);
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
}
