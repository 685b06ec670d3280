import type { ReactElement } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { ApiKeysPage } from "./api-keys/api-keys-page.tsx";
import { BillingPage } from "./billing/billing-page.tsx";
import { ErrorBoundary } from "./elements/error-boundary.tsx";
import { InvitationPage } from "./invitations/invitation-page.tsx";
import { MembersPage } from "./members/members-page.tsx";
import { NotFoundPage } from "./navigation/not-found-page.tsx";
import { OperatorPage } from "./operator/operator-page.tsx";
import { ManagersOnly } from "./organisations/managers-only.tsx";
import { NewOrganisationPage } from "./organisations/new-organisation-page.tsx";
import { OrganisationRoutes } from "./organisations/organisation-routes.tsx";
import { Start } from "./organisations/start.tsx";
import { ProjectsPage } from "./projects/projects-page.tsx";
import { RaceLabPage } from "./race-lab/race-lab-page.tsx";
import { useLostAccess } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { SignedInRoutes } from "./session/signed-in.tsx";

export function App(): ReactElement {
  useLostAccess();
  return (
    <ErrorBoundary>
      {/* No transitions: as soon as the address is another organisation's, nothing of the one before is painted. */}
      <BrowserRouter useTransitions={false}>
        <Routes>
          <Route path="/sign-in" element={<SignInPage />} />
          <Route path="/invitations/:id" element={<InvitationPage />} />
          <Route element={<SignedInRoutes />}>
            <Route index element={<Start />} />
            <Route path="/new-organisation" element={<NewOrganisationPage />} />
            <Route path="/operator" element={<OperatorPage />} />
            <Route path="/:org" element={<OrganisationRoutes />}>
              <Route index element={<Navigate to="projects" replace />} />
              <Route path="projects" element={<ProjectsPage />} />
              <Route path="members" element={<MembersPage />} />
              <Route
                path="api-keys"
                element={
                  <ManagersOnly title="API keys">
                    <ApiKeysPage />
                  </ManagersOnly>
                }
              />
              <Route
                path="billing"
                element={
                  <ManagersOnly title="Billing & usage">
                    <BillingPage />
                  </ManagersOnly>
                }
              />
              <Route
                path="race-lab"
                element={
                  <ManagersOnly title="Race lab">
                    <RaceLabPage />
                  </ManagersOnly>
                }
              />
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Route>
        </Routes>
      </BrowserRouter>
    </ErrorBoundary>
  );
}
