import { type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { NavLink, useLocation } from "react-router";
import { Icon } from "../elements/icon.tsx";
import { OrganisationSwitcher } from "../organisations/organisation-switcher.tsx";
import type { Organisation } from "../session/session.ts";
import { useSignedIn } from "../session/signed-in.tsx";
import { ThemeChoice } from "../theme/theme-choice.tsx";
import { Brand } from "./brand.tsx";
import { Person } from "./person.tsx";
import { useDismissal } from "./use-dismissal.ts";

export interface FrameProps {
  readonly organisation?: Organisation;
  /** The list of where one can go there. */
  readonly nav?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** What stands around every page: a sidebar, which is a bar with a menu on small screens. */
export function Frame({ organisation, nav, foot, children }: FrameProps): ReactElement {
  const { operator, organisations } = useSignedIn();
  const { key } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLElement>(null);
  const bodyId = useId();
  useEffect(() => setIsOpen(false), [key]);
  useDismissal(root, isOpen, () => setIsOpen(false));
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="side" ref={root}>
        <div className="side-bar">
          {organisations.length > 0 ? <OrganisationSwitcher organisation={organisation ?? null} /> : <Brand />}
          <button
            type="button"
            className="icon-button menu-button"
            aria-label="Menu"
            aria-expanded={isOpen}
            aria-controls={bodyId}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={isOpen ? "close" : "menu"} />
          </button>
        </div>
        <div className="side-body" id={bodyId} data-open={isOpen}>
          <nav className="nav" aria-label="Main">
            {nav}
            {operator && (
              <>
                <h2>Whole installation</h2>
                <ul>
                  <li>
                    <NavLink to="/operator">
                      <Icon name="operator" />
                      Operator
                    </NavLink>
                  </li>
                </ul>
              </>
            )}
          </nav>
          <div className="side-foot">
            {foot}
            <ThemeChoice />
            <Person />
          </div>
        </div>
      </header>
      <main className="main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
