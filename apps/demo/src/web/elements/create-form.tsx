import { type Denial, LimitAlert } from "@x/entitlements-react";
import { type FormEvent, type ReactElement, useId } from "react";
import { failureText } from "../api/request.ts";
import { Button } from "./button.tsx";

export interface CreateFormProps {
  /** What the field is called. */
  readonly label: string;
  readonly name: string;
  readonly onName: (name: string) => void;
  /** Called with the name without the white space around it, never with an empty one nor while a call is under way. */
  readonly onCreate: (name: string) => Promise<void>;
  /** What the button says. */
  readonly action: string;
  /** What is limited, as people call it. */
  readonly resource: string;
  readonly isPending: boolean;
  readonly limitError: Denial | null;
  readonly error: unknown;
  readonly onDismiss: () => void;
}

/** Makes something that has a name and counts against a limit. A refusal keeps what was typed. */
export function CreateForm(props: CreateFormProps): ReactElement {
  const { label, name, onName, onCreate, action, resource, isPending, limitError, error, onDismiss } = props;
  const inputId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && !isPending) void onCreate(name.trim());
  };
  return (
    <form className="form" onSubmit={submit}>
      <div className="field">
        <label htmlFor={inputId}>{label}</label>
        <div className="row">
          <input
            className="input"
            id={inputId}
            required
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
          <Button type="submit" kind="primary" isPending={isPending}>
            {action}
          </Button>
        </div>
      </div>
      <LimitAlert error={limitError} label={resource} onDismiss={onDismiss} />
      <p role="alert" className="failure">
        {error ? failureText(error) : null}
      </p>
    </form>
  );
}
