import type { ReactElement } from "react";
import { Navigate } from "react-router";
import { useSignedIn } from "../session/signed-in.tsx";
import { lastOrganisation } from "./last-organisation.ts";

/** Goes where whoever is signed in has something to do. */
export function Start(): ReactElement {
  const { organisations, operator } = useSignedIn();
  const last = lastOrganisation();
  const { id } = organisations.find((organisation) => organisation.id === last) ?? organisations[0] ?? {};
  if (id !== undefined) return <Navigate to={`/${id}/projects`} replace />;
  return <Navigate to={operator ? "/operator" : "/new-organisation"} replace />;
}
