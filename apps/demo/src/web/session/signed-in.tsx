import { createContext, type ReactElement, useContext } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { SWRConfig } from "swr";
import { Failure } from "../elements/states.tsx";
import { Brand } from "../navigation/brand.tsx";
import { signInPath } from "./destination.ts";
import { type Me, useSession } from "./session.ts";

interface SignedIn extends Me {
  readonly refresh: () => Promise<unknown>;
}

const SignedInContext = createContext<SignedIn | null>(null);

/** Who is signed in, below `SignedInRoutes`. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext);
  if (signedIn === null) throw new Error("useSignedIn() is for routes below <SignedInRoutes>.");
  return signedIn;
}

// One cache a person, so that nothing of somebody else's is ever found in it.
const freshCache = { provider: () => new Map() };

/** The routes of whoever is signed in. Everybody else is led to the sign-in and back. */
export function SignedInRoutes(): ReactElement {
  const { me, error, refresh } = useSession();
  const { pathname, search, hash } = useLocation();
  if (me === null) {
    const isStart = pathname === "/";
    return <Navigate to={isStart ? "/sign-in" : signInPath(`${pathname}${search}${hash}`)} replace />;
  }
  if (error !== undefined)
    return (
      <main className="center">
        <h1>The page could not be loaded</h1>
        <Failure title="Your session could not be checked" error={error} onRetry={() => void refresh()} />
      </main>
    );
  if (me === undefined)
    return (
      <main className="center splash" aria-busy="true">
        <Brand />
        <p className="muted" role="status">
          Loading…
        </p>
      </main>
    );
  return (
    <SignedInContext value={{ ...me, refresh }}>
      <SWRConfig key={me.user.id} value={freshCache}>
        <Outlet />
      </SWRConfig>
    </SignedInContext>
  );
}
