import { type ReactElement, useEffect, useId, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { Avatar } from "../elements/avatar.tsx";
import { Icon } from "../elements/icon.tsx";
import { useDismissal } from "../navigation/use-dismissal.ts";
import type { Organisation } from "../session/session.ts";
import { useSignedIn } from "../session/signed-in.tsx";

/** Leads to the same page of another organisation. */
export function OrganisationSwitcher({ organisation }: { readonly organisation: Organisation | null }): ReactElement {
  const { organisations } = useSignedIn();
  const { pathname, key } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const listId = useId();
  const page = organisation === null ? "projects" : (pathname.split("/")[2] ?? "projects");

  useEffect(() => setIsOpen(false), [key]);
  useDismissal(root, isOpen, () => setIsOpen(false));
  return (
    <div className="switcher" ref={root}>
      <button
        type="button"
        className="switcher-button"
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Avatar name={organisation?.name ?? "?"} shape="square" />
        <span>
          <span className="visually-hidden">Organisation: </span>
          {organisation?.name ?? "Choose one"}
        </span>
        <Icon name="chevrons" />
      </button>
      <ul className="switcher-list" id={listId} hidden={!isOpen} aria-label="Organisations">
        {organisations.map(({ id, name, role }) => (
          <li key={id}>
            <Link to={`/${id}/${page}`} aria-current={id === organisation?.id ? "true" : undefined}>
              <Avatar name={name} shape="square" />
              <span>
                {name} <span className="muted small">{role.replaceAll(",", ", ")}</span>
              </span>
              {id === organisation?.id && <Icon name="check" />}
            </Link>
          </li>
        ))}
        <li>
          <Link to="/new-organisation">
            <Icon name="plus" />
            <span>New organisation</span>
          </Link>
        </li>
      </ul>
    </div>
  );
}
