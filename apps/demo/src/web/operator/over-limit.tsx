import { UsageBar } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Button } from "../elements/button.tsx";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import type { useOverLimit } from "./operator.ts";

/** The organisations that use more than they may: nothing of theirs was taken away, but nothing more fits. */
export function OverLimit({ over }: { readonly over: ReturnType<typeof useOverLimit> }): ReactElement {
  const { data, error, size, setSize, mutate, isValidating } = over;
  const organisations = data?.flatMap((page) => page.organisations);
  const hasMore = data !== undefined && data.at(-1)?.cursor !== null;
  return (
    <section className="card" data-flush="true" aria-labelledby="over-limit">
      <div className="card-header">
        <h2 id="over-limit">Over their limit</h2>
        {organisations && <span className="badge">{organisations.length}</span>}
      </div>
      {organisations === undefined && !error && (
        <SkeletonRows rows={1} label="Loading organisations over their limit" />
      )}
      {organisations === undefined && error ? (
        <Failure title="They could not be loaded" error={error} onRetry={() => void mutate()} />
      ) : null}
      {organisations?.length === 0 && <p className="card-line muted">Nobody uses more than they may.</p>}
      {organisations !== undefined && organisations.length > 0 && (
        <ul className="list">
          {organisations.map(({ id, name, entitlements }) => (
            <li key={id}>
              <strong className="over-limit-name">{name}</strong>
              <div className="over-limit-bars">
                {entitlements.map(({ resourceType, label, limit, current, reserved, kind }) => (
                  <UsageBar key={resourceType} {...{ label, limit, current, reserved, kind }} />
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
      {hasMore && (
        <p className="card-line">
          <Button size="small" isPending={isValidating} onClick={() => void setSize(size + 1)}>
            Show more
          </Button>
        </p>
      )}
    </section>
  );
}
