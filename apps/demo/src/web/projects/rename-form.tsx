import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { Button } from "../elements/button.tsx";

export interface RenameFormProps {
  readonly name: string;
  readonly isPending: boolean;
  readonly onRename: (name: string) => Promise<void>;
  readonly onCancel: () => void;
}

export function RenameForm({ name, isPending, onRename, onCancel }: RenameFormProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(name);
  useEffect(() => input.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === name) onCancel();
    else if (text.trim() !== "") void onRename(text.trim());
  };
  const cancel = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
  };
  return (
    <form className="row rename" onSubmit={submit}>
      <input
        ref={input}
        className="input"
        aria-label={`New name of ${name}`}
        required
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={cancel}
      />
      <Button type="submit" size="small" kind="primary" isPending={isPending}>
        Save
      </Button>
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
