import { LimitAlert, UsageBar, useEnforcedMutation } from "@x/entitlements-react";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { failureText } from "../api/request.ts";
import { Button } from "../elements/button.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { createApiKey, type NewApiKey } from "./api-keys.ts";
import { FreshKey } from "./fresh-key.tsx";

export function NewApiKeyForm({ onCreated }: { readonly onCreated: () => Promise<unknown> }): ReactElement {
  const { id: orgId } = useOrganisation();
  const inputId = useId();
  const [name, setName] = useState("");
  const [fresh, setFresh] = useState<NewApiKey | null>(null);
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async () => {
    const made = await createApiKey(orgId, name.trim());
    // At once: the key is shown even where the list cannot be loaded again.
    setFresh(made);
    await onCreated();
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || isPending) return;
    const { status } = await run();
    // What was typed meanwhile is the next one's.
    if (status === "done") setName((typed) => (typed === name ? "" : typed));
  };
  return (
    <section className="card" aria-label="New API key">
      <UsageBar resourceType="quota:api_key" label="API keys" />
      <form className="form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={inputId}>Name of the new key</label>
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
              Create key
            </Button>
          </div>
        </div>
        <LimitAlert error={limitError} label="API keys" onDismiss={reset} />
        <p role="alert" className="failure">
          {error ? failureText(error) : null}
        </p>
      </form>
      {fresh && <FreshKey key={fresh.id} made={fresh} onClose={() => setFresh(null)} />}
    </section>
  );
}
