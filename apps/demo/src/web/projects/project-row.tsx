import { LimitAlert, useEnforcedMutation } from "@x/entitlements-react";
import { type ReactElement, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { failureText } from "../api/request.ts";
import { Button } from "../elements/button.tsx";
import { useToast } from "../elements/toasts.tsx";
import { day } from "../locale.ts";
import { useOrganisation } from "../organisations/organisation.ts";
import { useRoomAgain } from "../organisations/use-room-again.ts";
import { type Project, putProject } from "./projects.ts";
import { RenameForm } from "./rename-form.tsx";

export interface ProjectRowProps {
  readonly project: Project;
  readonly onChanged: () => Promise<unknown>;
}

export function ProjectRow({ project, onChanged }: ProjectRowProps): ReactElement {
  const { id: orgId } = useOrganisation();
  const { name, archived, createdAt } = project;
  const say = useToast();
  const [isRenaming, setIsRenaming] = useState(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const endRenaming = () => {
    flushSync(() => setIsRenaming(false));
    // The form has taken the focus along.
    if (document.activeElement === document.body) renameButton.current?.focus();
  };
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async (change: Partial<Project>) => {
    await putProject(orgId, { ...project, ...change });
    await onChanged();
  });
  useRoomAgain("quota:project", reset);
  const archive = async () => {
    const { status } = await run({ archived: !archived });
    if (status === "done") say(`${name} is ${archived ? "restored" : "archived"}.`);
  };
  const rename = async (text: string) => {
    const { status } = await run({ name: text });
    if (status !== "done") return;
    endRenaming();
    say(`${name} is called ${text} now.`);
  };
  return (
    <li data-archived={archived}>
      {isRenaming ? (
        <RenameForm
          name={name}
          isPending={isPending}
          onRename={rename}
          onCancel={() => {
            reset();
            endRenaming();
          }}
        />
      ) : (
        <>
          <span className="list-text">
            <strong>{name}</strong>
            <span className="muted small">Created {day.format(new Date(createdAt))}</span>
          </span>
          {archived && <span className="badge">Archived</span>}
          <span className="actions">
            <Button
              ref={renameButton}
              kind="quiet"
              size="small"
              aria-label={`Rename ${name}`}
              onClick={() => setIsRenaming(true)}
            >
              Rename
            </Button>
            <Button
              size="small"
              isPending={isPending}
              aria-label={`${archived ? "Restore" : "Archive"} ${name}`}
              onClick={() => void archive()}
            >
              {archived ? "Restore" : "Archive"}
            </Button>
          </span>
        </>
      )}
      <LimitAlert error={limitError} label="Projects" onDismiss={reset} />
      <p role="alert" className="failure">
        {error ? failureText(error) : null}
      </p>
    </li>
  );
}
