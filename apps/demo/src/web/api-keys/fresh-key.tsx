import { type ReactElement, useEffect, useRef } from "react";
import { Button } from "../elements/button.tsx";
import { CopyButton } from "../elements/copy-button.tsx";
import type { NewApiKey } from "./api-keys.ts";

export interface FreshKeyProps {
  readonly made: NewApiKey;
  readonly onClose: () => void;
}

/** The key itself, this once. */
export function FreshKey({ made, onClose }: FreshKeyProps): ReactElement {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section className="fresh-key" aria-label={`Key ${made.name}`}>
      <h2 ref={title} tabIndex={-1}>
        Copy {made.name} now
      </h2>
      <p className="muted">It is not shown again.</p>
      <div className="row">
        <code className="secret">{made.key}</code>
        <CopyButton text={made.key}>Copy key</CopyButton>
        <Button size="small" kind="quiet" onClick={onClose}>
          Done
        </Button>
      </div>
    </section>
  );
}
