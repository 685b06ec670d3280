import type { ReactElement } from "react";
import { Empty } from "../elements/states.tsx";
import { Page } from "../navigation/page.tsx";
import { useAdminNames } from "./admins.ts";
import { useOrganisation } from "./organisation.ts";

export interface ManagersOnlyProps {
  readonly title: string;
  readonly children: ReactElement;
}

/** For pages of those who manage the organisation; the others are told whom to ask, and nothing else. */
export function ManagersOnly({ title, children }: ManagersOnlyProps): ReactElement {
  const { name, manages } = useOrganisation();
  const admins = useAdminNames();
  if (manages) return children;
  return (
    <Page title={title} of={name}>
      <div className="card">
        <Empty icon="members" title={`This page is for owners and admins of ${name}`}>
          <p>Ask {admins} if you need something from here.</p>
        </Empty>
      </div>
    </Page>
  );
}
