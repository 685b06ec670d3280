import { LimitAlert, UsageBar, useEnforcedMutation } from "@x/entitlements-react";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { failureText } from "../api/request.ts";
import { Button } from "../elements/button.tsx";
import { useToast } from "../elements/toasts.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { newProjectId, putProject } from "./projects.ts";

export function NewProject({ onCreated }: { readonly onCreated: () => Promise<unknown> }): ReactElement {
  const { id: orgId, manages } = useOrganisation();
  const say = useToast();
  const inputId = useId();
  const [name, setName] = useState("");
  // Kept until the project is made: a second try after a lost answer makes no second project.
  const [id, setId] = useState(newProjectId);
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async () => {
    const made = await putProject(orgId, { id, name, archived: false });
    await onCreated();
    return made;
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || isPending) return;
    const outcome = await run();
    if (outcome.status !== "done") return;
    // What was typed meanwhile is the next one's.
    setName((typed) => (typed === name ? "" : typed));
    setId(newProjectId());
    say(`${outcome.data.name} is created.`);
  };
  return (
    <section className="card" aria-label="New project">
      {manages && <UsageBar resourceType="quota:project" label="Projects" />}
      <form className="form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={inputId}>Name of the new project</label>
          <div className="row">
            <input
              className="input"
              id={inputId}
              required
              maxLength={100}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit" kind="primary" isPending={isPending}>
              Create project
            </Button>
          </div>
        </div>
        <LimitAlert error={limitError} label="Projects" onDismiss={reset} />
        <p role="alert" className="failure">
          {error ? failureText(error) : null}
        </p>
      </form>
    </section>
  );
}
