import { type RefObject, useEffect, useRef } from "react";

/** A refusal takes the focus to the way on: "See usage", else another link, else the message. */
export function useFocusOnRefusal(limitError: unknown): RefObject<HTMLDivElement | null> {
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (limitError === null) return;
    const find = (selector: string) => region.current?.querySelector<HTMLElement>(selector);
    (find("[data-slot=usage-link]") ?? find("a") ?? region.current)?.focus();
  }, [limitError]);
  return region;
}
