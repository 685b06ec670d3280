import type { Usage } from "@x/entitlements-core/wire";
import { type ReactElement, useState } from "react";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import { Toasts } from "../elements/toasts.tsx";
import { Frame } from "../navigation/frame.tsx";
import { NotFoundPage } from "../navigation/not-found-page.tsx";
import { Page } from "../navigation/page.tsx";
import { useSignedIn } from "../session/signed-in.tsx";
import { LimitDialog } from "./limit-dialog.tsx";
import { type LimitedOrganisation, useOrganisations, useOverLimit } from "./operator.ts";
import { OrganisationLimits } from "./organisation-limits.tsx";
import { OverLimit } from "./over-limit.tsx";

/** For everybody else there is no such page. */
export function OperatorPage(): ReactElement {
  const { operator } = useSignedIn();
  return (
    <Frame>
      <Toasts>{operator ? <Limits /> : <NotFoundPage />}</Toasts>
    </Frame>
  );
}

interface Edited {
  readonly organisation: LimitedOrganisation;
  readonly usage: Usage;
}

function Limits(): ReactElement {
  const organisations = useOrganisations();
  const over = useOverLimit();
  const [edited, setEdited] = useState<Edited | null>(null);
  return (
    <Page title="Operator" description="What every organisation may use. Each limit says why it is so, and who set it.">
      <OverLimit over={over} />
      {organisations.data === undefined && !organisations.error && (
        <div className="card" data-flush="true">
          <SkeletonRows rows={6} label="Loading organisations" />
        </div>
      )}
      {organisations.data === undefined && organisations.error ? (
        <Failure
          title="The organisations could not be loaded"
          error={organisations.error}
          onRetry={() => void organisations.mutate()}
        />
      ) : null}
      {organisations.data?.organisations.map((organisation) => (
        <OrganisationLimits
          key={organisation.id}
          organisation={organisation}
          onEdit={(usage) => setEdited({ organisation, usage })}
        />
      ))}
      {edited && (
        <LimitDialog
          {...edited}
          onChanged={() => Promise.all([organisations.mutate(), over.mutate()])}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}
