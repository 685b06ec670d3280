import type { ReactElement, ReactNode } from "react";
import { Heading } from "./heading.tsx";

export interface PageProps {
  readonly title: string;
  /** Whose page it is, for the title of the window. */
  readonly of?: string | undefined;
  readonly description?: ReactNode;
  /** What can be done here. */
  readonly actions?: ReactNode;
  readonly width?: "wide";
  readonly children: ReactNode;
}

export function Page({ title, of, description, actions, width, children }: PageProps): ReactElement {
  return (
    <div className="page" data-width={width}>
      <title>{[title, of, "Entitlements demo"].filter((part) => part !== undefined).join(" · ")}</title>
      <header className="page-header">
        <div>
          <Heading>{title}</Heading>
          {description && <p>{description}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  );
}
