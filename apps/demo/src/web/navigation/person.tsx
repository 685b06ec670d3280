import type { ReactElement } from "react";
import { failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Avatar } from "../elements/avatar.tsx";
import { Icon } from "../elements/icon.tsx";
import { signOut } from "../session/session.ts";
import { useSignedIn } from "../session/signed-in.tsx";

/** Who is signed in, and the way out. */
export function Person(): ReactElement {
  const { user } = useSignedIn();
  const { run, error } = useAction(signOut);
  return (
    <>
      <div className="person">
        <Avatar name={user.name} />
        <span className="person-text">
          <span className="person-name">{user.name}</span>
          <span className="muted small">{user.email}</span>
        </span>
        <button type="button" className="icon-button" aria-label="Sign out" title="Sign out" onClick={() => void run()}>
          <Icon name="exit" />
        </button>
      </div>
      <div role="alert" className="failure small">
        {error ? failureText(error) : null}
      </div>
    </>
  );
}
