import type { ReactElement } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { ErrorBoundary } from "./elements/error-boundary.tsx";
import { MembersPage } from "./members/members-page.tsx";
import { NotFoundPage } from "./navigation/not-found-page.tsx";
import { NewOrganisationPage } from "./organisations/new-organisation-page.tsx";
import { OrganisationRoutes } from "./organisations/organisation-routes.tsx";
import { Start } from "./organisations/start.tsx";
import { ProjectsPage } from "./projects/projects-page.tsx";
import { useSessionEnd } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { SignedInRoutes } from "./session/signed-in.tsx";

export function App(): ReactElement {
  useSessionEnd();
  return (
    <ErrorBoundary>
      <BrowserRouter>
        <Routes>
          <Route path="/sign-in" element={<SignInPage />} />
          <Route element={<SignedInRoutes />}>
            <Route index element={<Start />} />
            <Route path="/new-organisation" element={<NewOrganisationPage />} />
            <Route path="/:org" element={<OrganisationRoutes />}>
              <Route index element={<Navigate to="projects" replace />} />
              <Route path="projects" element={<ProjectsPage />} />
              <Route path="members" element={<MembersPage />} />
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Route>
        </Routes>
      </BrowserRouter>
    </ErrorBoundary>
  );
}
