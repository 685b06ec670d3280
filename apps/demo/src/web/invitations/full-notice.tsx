import type { ReactElement } from "react";

/** Says that nobody can join just now; not how many are in, which is nobody's business who is not. */
export function FullNotice({ id }: { readonly id: string }): ReactElement {
  return (
    <div className="notice" data-tone="warning" role="status" id={id}>
      <div>
        <p className="notice-title">There is no free seat at the moment.</p>
        <p className="muted">Ask whoever invited you to make room. The link stays good.</p>
      </div>
    </div>
  );
}
