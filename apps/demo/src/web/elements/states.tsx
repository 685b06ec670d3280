import type { ReactElement, ReactNode } from "react";
import { failureText } from "../api/request.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** Nothing is there yet, which is no failure. */
export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
}): ReactElement {
  return (
    <div className="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** What could not be had, why, and another try. */
export function Failure({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: unknown;
  onRetry: () => void;
}): ReactElement {
  return (
    <div className="notice" data-tone="failure" role="alert">
      <div>
        <p className="notice-title">{title}</p>
        <p className="muted">{failureText(error)}</p>
      </div>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** As many rows as will probably come, so that little moves when they do. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }): ReactElement {
  return (
    <div aria-busy="true">
      <span className="visually-hidden" role="status">
        {label}
      </span>
      <ul className="list" aria-hidden="true">
        {Array.from({ length: rows }, (_, index) => (
          <li key={index}>
            <span className="list-text">
              <span className="skeleton skeleton-long" />
            </span>
            <span className="skeleton skeleton-short" />
          </li>
        ))}
      </ul>
    </div>
  );
}
