import { type EntitlementsEvent, EntitlementsProvider, UsageRequestError } from "@x/entitlements-react";
import { type ReactElement, useCallback, useEffect } from "react";
import { Link, Outlet, useLocation, useParams } from "react-router";
import { ErrorBoundary } from "../elements/error-boundary.tsx";
import { Toasts } from "../elements/toasts.tsx";
import { LOCALE } from "../locale.ts";
import { Frame } from "../navigation/frame.tsx";
import { KitLink } from "../navigation/kit-link.tsx";
import { Page } from "../navigation/page.tsx";
import type { Organisation } from "../session/session.ts";
import { useSignedIn } from "../session/signed-in.tsx";
import { useMessages } from "./admins.ts";
import { rememberOrganisation } from "./last-organisation.ts";
import { apiPath, OrganisationContext } from "./organisation.ts";
import { OrganisationNav } from "./organisation-nav.tsx";
import { Reset } from "./reset.tsx";

/** The routes of the organisation in the path, for its members. */
export function OrganisationRoutes(): ReactElement {
  const { org } = useParams();
  const { organisations } = useSignedIn();
  const organisation = organisations.find(({ id }) => id === org);
  if (organisation === undefined) return <UnknownOrganisation />;
  // Keyed, so that nothing that one organisation's pages remember passes to another's.
  return (
    <OrganisationContext key={organisation.id} value={organisation}>
      <Toasts>
        <OrganisationFrame organisation={organisation} />
      </Toasts>
    </OrganisationContext>
  );
}

function UnknownOrganisation(): ReactElement {
  return (
    <Frame>
      <Page title="No such organisation" description="It does not exist, or you are not a member of it.">
        <div>
          <Link className="button" to="/">
            Go to the start
          </Link>
        </div>
      </Page>
    </Frame>
  );
}

function OrganisationFrame({ organisation }: { readonly organisation: Organisation }): ReactElement {
  const { id, manages } = organisation;
  const { user, refresh } = useSignedIn();
  const { pathname } = useLocation();
  const messages = useMessages();
  useEffect(() => rememberOrganisation(id), [id]);
  const onEvent = useCallback(
    (event: EntitlementsEvent) => {
      if (event.type !== "load-failed" || !(event.error instanceof UsageRequestError)) return;
      // The session has ended, or this person manages nothing here any more.
      if (event.error.status !== null && event.error.status < 500) void refresh();
    },
    [refresh],
  );
  return (
    <EntitlementsProvider
      // Those who manage nothing get no numbers: for them there is nothing to ask for.
      orgId={manages ? id : null}
      userId={user.id}
      endpoint={apiPath(id, "entitlements")}
      locale={LOCALE}
      messages={messages}
      usageUrl={`/${id}/billing`}
      canManageBilling={manages}
      linkComponent={KitLink}
      onEvent={onEvent}
    >
      <Frame organisation={organisation} nav={<OrganisationNav />} foot={manages && <Reset />}>
        <ErrorBoundary key={pathname}>
          <Outlet />
        </ErrorBoundary>
      </Frame>
    </EntitlementsProvider>
  );
}
