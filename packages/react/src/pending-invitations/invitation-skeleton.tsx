import type { ComponentPropsWithRef, ReactElement } from "react";

export interface InvitationSkeletonProps {
  readonly rows: number;
  /** For those who cannot see it. */
  readonly text: string;
  readonly slot: ComponentPropsWithRef<"div"> | undefined;
}

/** Rows as they will probably come. */
export function InvitationSkeleton({ rows, text, slot }: InvitationSkeletonProps): ReactElement {
  return (
    <div {...slot} data-slot="pending-invitations-skeleton" data-status="loading">
      <span data-slot="visually-hidden">{text}</span>
      {Array.from(Array(rows).keys(), (key) => (
        <div key={key} aria-hidden="true" data-slot="pending-invitations-item" data-status="loading">
          <span data-slot="skeleton" />
          <span data-slot="skeleton" />
        </div>
      ))}
    </div>
  );
}
