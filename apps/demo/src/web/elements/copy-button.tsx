import { type ReactElement, useState } from "react";
import { Button } from "./button.tsx";

/** Copies a text that stands beside it. */
export function CopyButton({ text, children }: { readonly text: string; readonly children: string }): ReactElement {
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = async () => {
    // Without a secure connection there is no clipboard to be had.
    const done = await Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    setOutcome(done ? "Copied" : "Could not be copied: select the text");
  };
  return (
    <>
      <Button size="small" onClick={() => void copy()}>
        {children}
      </Button>
      <span role="status" className="muted small">
        {outcome}
      </span>
    </>
  );
}
