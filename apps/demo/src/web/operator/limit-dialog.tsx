import type { Usage } from "@x/entitlements-core/wire";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Button } from "../elements/button.tsx";
import { Dialog } from "../elements/dialog.tsx";
import { useToast } from "../elements/toasts.tsx";
import { changeLimit, type LimitedOrganisation } from "./operator.ts";

export interface LimitDialogProps {
  readonly organisation: LimitedOrganisation;
  readonly usage: Usage;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Sets, lowers or lifts a limit, or puts a feature in or out, with a reason. */
export function LimitDialog({ organisation, usage, onChanged, onClose }: LimitDialogProps): ReactElement {
  const { resourceType, label, kind, current } = usage;
  const id = useId();
  const say = useToast();
  // A feature is there or not: nobody counts it.
  const isFeature = kind === "feature";
  const [isLimited, setIsLimited] = useState(isFeature ? usage.limit === 0 : usage.limit !== null);
  const [text, setText] = useState(String(usage.limit ?? current));
  const [reason, setReason] = useState("");
  const limit = Number(text);
  const [no, yes] = isFeature ? ["Not included", "Included"] : ["Limited", "Not limited"];
  const { run, isPending, error } = useAction(async () => {
    const wanted = isFeature ? Number(!isLimited) : isLimited ? limit : null;
    await changeLimit({ orgId: organisation.id, resourceType, limit: wanted, reason: reason.trim() });
    await onChanged();
    const outcome = isLimited && !isFeature ? `limit ${wanted}` : (isLimited ? no : yes).toLowerCase();
    say(`${label} of ${organisation.name}: ${outcome}.`);
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run()) onClose();
  };
  return (
    <Dialog title={`${label} of ${organisation.name}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <fieldset className="choices">
          <legend className="visually-hidden">Limit</legend>
          <label>
            <input type="radio" name={`${id}kind`} checked={isLimited} onChange={() => setIsLimited(true)} />
            {no}
          </label>
          <label>
            <input type="radio" name={`${id}kind`} checked={!isLimited} onChange={() => setIsLimited(false)} />
            {yes}
          </label>
        </fieldset>
        {isLimited && !isFeature && (
          <div className="field">
            <label htmlFor={`${id}limit`}>Limit</label>
            <input
              className="input"
              id={`${id}limit`}
              type="number"
              inputMode="numeric"
              required
              min={0}
              max={Number.MAX_SAFE_INTEGER}
              step={1}
              value={text}
              onChange={(event) => setText(event.target.value)}
              aria-describedby={`${id}hint`}
            />
            <span className="muted small" id={`${id}hint`}>
              {hintFor(limit, current)}
            </span>
          </div>
        )}
        <div className="field">
          <label htmlFor={`${id}reason`}>Reason</label>
          <input
            className="input"
            id={`${id}reason`}
            required
            pattern=".*\S.*"
            title="Say why"
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <div role="alert" className="failure">
          {error ? failureText(error) : null}
        </div>
        <div className="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isPending={isPending}>
            {isFeature ? "Save" : isLimited ? "Set limit" : "Lift limit"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function hintFor(limit: number, current: number): string {
  if (limit >= current) return `${current} in use. 0 blocks it.`;
  return `${current} in use, ${current - limit} more than that: nothing is taken away, but nothing more fits.`;
}
