import { type FormEvent, type ReactElement, useId, useState } from "react";
import { failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Button } from "../elements/button.tsx";
import { signIn, signUp } from "./session.ts";

export interface CredentialsFormProps {
  readonly isNew: boolean;
  readonly onDone: () => Promise<unknown>;
}

/** The way in with an e-mail address and a password; for new people with a name as well. */
export function CredentialsForm({ isNew, onDone }: CredentialsFormProps): ReactElement {
  const id = useId();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { run, isPending, error } = useAction(async () => {
    await (isNew ? signUp(name.trim(), email, password) : signIn(email, password));
    await onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  return (
    <form className="form" onSubmit={submit}>
      {isNew && (
        <div className="field">
          <label htmlFor={`${id}name`}>Name</label>
          <input
            className="input"
            id={`${id}name`}
            autoComplete="name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}email`}>E-mail address</label>
        <input
          className="input"
          id={`${id}email`}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}password`}>Password</label>
        <input
          className="input"
          id={`${id}password`}
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          required
          minLength={8}
          maxLength={128}
          aria-describedby={isNew ? `${id}hint` : undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {isNew && (
          <span className="muted small" id={`${id}hint`}>
            8 characters or more.
          </span>
        )}
      </div>
      <div role="alert" className="failure">
        {error ? failureText(error) : null}
      </div>
      <Button type="submit" kind="primary" isPending={isPending}>
        {isNew ? "Create account" : "Sign in"}
      </Button>
    </form>
  );
}
