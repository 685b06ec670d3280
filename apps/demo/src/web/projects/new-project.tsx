import { UsageBar, useEnforcedMutation } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { CreateForm } from "../elements/create-form.tsx";
import { useToast } from "../elements/toasts.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { useRoomAgain } from "../organisations/use-room-again.ts";
import { newProjectId, putProject } from "./projects.ts";

export function NewProject({ onCreated }: { readonly onCreated: () => Promise<unknown> }): ReactElement {
  const { id: orgId, manages } = useOrganisation();
  const say = useToast();
  const [name, setName] = useState("");
  // Kept until the project is made: a second try after a lost answer makes no second project.
  const [id, setId] = useState(newProjectId);
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async (wanted: string) => {
    const made = await putProject(orgId, { id, name: wanted, archived: false });
    await onCreated();
    return made;
  });
  useRoomAgain("quota:project", reset);
  const create = async (wanted: string) => {
    const outcome = await run(wanted);
    if (outcome.status !== "done") return;
    // What was typed meanwhile is the next one's.
    setName((typed) => (typed === name ? "" : typed));
    setId(newProjectId());
    say(`${outcome.data.name} is created.`);
  };
  return (
    <section className="card" aria-label="New project">
      {manages && <UsageBar resourceType="quota:project" label="Projects" />}
      <CreateForm
        label="Name of the new project"
        action="Create project"
        resource="Projects"
        {...{ name, isPending, limitError, error }}
        onName={setName}
        onCreate={create}
        onDismiss={reset}
      />
    </section>
  );
}
