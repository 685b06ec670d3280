import { type ReactElement, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { Brand } from "../navigation/brand.tsx";
import { Heading } from "../navigation/heading.tsx";
import { ThemeChoice } from "../theme/theme-choice.tsx";
import { CredentialsForm } from "./credentials-form.tsx";
import { destinationIn } from "./destination.ts";
import { SeededPeople } from "./seeded-people.tsx";
import { useSession } from "./session.ts";

export function SignInPage(): ReactElement {
  const { me, refresh } = useSession();
  const [search] = useSearchParams();
  const [isNew, setIsNew] = useState(false);
  const destination = destinationIn(search, location.origin);
  if (me) return <Navigate to={destination ?? "/"} replace />;
  return (
    <main className="sign-in">
      <title>Sign in · Entitlements demo</title>
      <div className="sign-in-intro">
        <div className="sign-in-bar">
          <Brand />
          <ThemeChoice />
        </div>
        <Heading>{isNew ? "Create an account" : "Sign in"}</Heading>
        <p className="muted">
          {destination === null
            ? "A small SaaS whose seats, quotas and features are limited per organisation."
            : "Sign in to go on where you were."}
        </p>
      </div>
      <div className="sign-in-ways">
        <SeededPeople onDone={refresh} />
        <section className="card" aria-labelledby="credentials">
          <h2 id="credentials">{isNew ? "New here" : "Or with your own account"}</h2>
          <CredentialsForm key={String(isNew)} isNew={isNew} onDone={refresh} />
          <p className="muted switch-way">
            {isNew ? "You have an account?" : "No account yet?"}{" "}
            <button type="button" className="link-button" onClick={() => setIsNew(!isNew)}>
              {isNew ? "Sign in instead" : "Sign up"}
            </button>
          </p>
        </section>
      </div>
    </main>
  );
}
