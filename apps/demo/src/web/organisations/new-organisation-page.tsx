import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useNavigate } from "react-router";
import * as z from "zod/mini";
import { failureText, request } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Button } from "../elements/button.tsx";
import { Frame } from "../navigation/frame.tsx";
import { Page } from "../navigation/page.tsx";
import { useSignedIn } from "../session/signed-in.tsx";

const founded = z.object({ id: z.string() });

/** Anybody may found an organisation: nothing is limited in it until an operator says so. */
export function NewOrganisationPage(): ReactElement {
  const { organisations, refresh } = useSignedIn();
  const navigate = useNavigate();
  const id = useId();
  const [name, setName] = useState("");
  const { run, isPending, error } = useAction(async () => {
    const slug = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    const body = { name: name.trim(), slug };
    const made = await request("/api/auth/organization/create", founded, { method: "POST", body });
    await refresh();
    await navigate(`/${made.id}/projects`);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  const title = organisations.length === 0 ? "Your first organisation" : "New organisation";
  return (
    <Frame>
      <Page
        title={title}
        description={
          organisations.length === 0
            ? "You belong to no organisation yet. Found one, or open the link of an invitation."
            : "You will be its owner. Nothing is limited in it until an operator sets a limit."
        }
      >
        <form className="card form" onSubmit={submit}>
          <div className="field">
            <label htmlFor={id}>Name</label>
            <input
              className="input"
              id={id}
              required
              maxLength={60}
              pattern=".*\S.*"
              title="A name with at least one letter"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <div role="alert" className="failure">
            {error ? failureText(error) : null}
          </div>
          <div className="row">
            <Button type="submit" kind="primary" isPending={isPending}>
              Create organisation
            </Button>
          </div>
        </form>
      </Page>
    </Frame>
  );
}
