import { type ReactElement, useId, useState } from "react";
import { CredentialsForm } from "../session/credentials-form.tsx";
import { FullNotice } from "./full-notice.tsx";

export interface IntroductionProps {
  readonly seatAvailable: boolean;
  readonly onDone: () => Promise<unknown>;
}

/** For whoever opens the link without being signed in. */
export function Introduction({ seatAvailable, onDone }: IntroductionProps): ReactElement {
  const [isNew, setIsNew] = useState(true);
  const noticeId = useId();
  return (
    <>
      <p className="muted">
        {isNew ? "Create an account" : "Sign in"} with the address that was invited. Then you can accept or decline.
      </p>
      {!seatAvailable && <FullNotice id={noticeId} />}
      <CredentialsForm key={String(isNew)} isNew={isNew} onDone={onDone} />
      <p className="muted switch-way">
        {isNew ? "You have an account?" : "No account yet?"}{" "}
        <button type="button" className="link-button" onClick={() => setIsNew(!isNew)}>
          {isNew ? "Sign in instead" : "Sign up"}
        </button>
      </p>
    </>
  );
}
