import type { Usage } from "@x/entitlements-core/wire";
import { type Messages, UsageBar } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Button } from "../elements/button.tsx";
import { moment } from "../locale.ts";
import type { LimitedOrganisation, StoredLimit } from "./operator.ts";

export interface OrganisationLimitsProps {
  readonly organisation: LimitedOrganisation;
  readonly onEdit: (usage: Usage) => void;
}

// The kit says "Not in your plan", and here it is somebody else's.
const messages: Partial<Messages> = { blocked: () => "Not included" };

export function OrganisationLimits({ organisation, onEdit }: OrganisationLimitsProps): ReactElement {
  const { id, name, entitlements, limits } = organisation;
  return (
    <section className="card" data-flush="true" aria-labelledby={`limits-${id}`}>
      <div className="card-header">
        <h2 id={`limits-${id}`}>{name}</h2>
        <code className="muted">{id}</code>
      </div>
      <ul className="list">
        {entitlements.map((usage) => {
          const { resourceType, label, limit, current, reserved, kind } = usage;
          const stored = limits.find((one) => one.resourceType === resourceType);
          return (
            <li key={resourceType} className="limit">
              <UsageBar {...{ label, limit, current, reserved, kind, messages }} />
              <p className="muted small limit-reason">{stored ? reasonOf(stored) : "No limit is set."}</p>
              <Button size="small" aria-label={`Change ${label} of ${name}`} onClick={() => onEdit(usage)}>
                Change
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function reasonOf({ reason, actor, updatedAt }: StoredLimit): string {
  const when = moment.format(new Date(updatedAt));
  return `“${reason ?? "No reason given"}”, ${actor === null ? "" : `${actor}, `}${when}`;
}
