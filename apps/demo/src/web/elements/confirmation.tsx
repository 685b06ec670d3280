import type { ReactElement, ReactNode } from "react";
import { failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export interface ConfirmationProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says. */
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is gone. */
export function Confirmation({ title, children, action, onConfirm, onClose }: ConfirmationProps): ReactElement {
  const { run, isPending, error } = useAction(onConfirm);
  const confirm = async () => {
    if (await run()) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="muted">{children}</div>
      <div role="alert" className="failure">
        {error ? failureText(error) : null}
      </div>
      <div className="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" isPending={isPending} onClick={() => void confirm()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
