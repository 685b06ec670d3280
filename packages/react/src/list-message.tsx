import type { ComponentPropsWithRef, ReactElement } from "react";
import { full, Icon } from "./icon.tsx";

interface ListMessageSlotProps {
  readonly message?: ComponentPropsWithRef<"div">;
  readonly retry?: ComponentPropsWithRef<"button">;
}

export interface ListMessageProps {
  /** The component whose parts these are. */
  readonly of: string;
  readonly status: "error" | "stale" | "empty";
  readonly text: string;
  readonly hint?: string;
  /** What the button says. */
  readonly retry: string;
  readonly onRetry: (() => void) | undefined;
  readonly slotProps: ListMessageSlotProps;
}

/** What stands instead of the rows of a list, or above rows that are not fresh. */
export function ListMessage({ of, status, text, hint, retry, onRetry, slotProps }: ListMessageProps): ReactElement {
  const isFailure = status !== "empty";
  return (
    <div {...slotProps.message} data-slot={`${of}-message`} data-status={status}>
      {isFailure && <Icon path={full} />}
      <p>
        <bdi>{text}</bdi>
        {hint && <small>{hint}</small>}
      </p>
      {isFailure && onRetry && (
        <button type="button" onClick={onRetry} {...slotProps.retry} data-slot={`${of}-retry`} data-status={status}>
          {retry}
        </button>
      )}
    </div>
  );
}
