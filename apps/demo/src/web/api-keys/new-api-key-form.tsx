import { UsageBar, useEnforcedMutation } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { CreateForm } from "../elements/create-form.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { useRoomAgain } from "../organisations/use-room-again.ts";
import { createApiKey, type NewApiKey } from "./api-keys.ts";
import { FreshKey } from "./fresh-key.tsx";

export function NewApiKeyForm({ onCreated }: { readonly onCreated: () => Promise<unknown> }): ReactElement {
  const { id: orgId } = useOrganisation();
  const [name, setName] = useState("");
  const [fresh, setFresh] = useState<NewApiKey | null>(null);
  const { run, isPending, limitError, error, reset } = useEnforcedMutation(async (wanted: string) => {
    const made = await createApiKey(orgId, wanted);
    // At once: the key is shown even where the list cannot be loaded again.
    setFresh(made);
    await onCreated();
  });
  useRoomAgain("quota:api_key", reset);
  const create = async (wanted: string) => {
    const { status } = await run(wanted);
    // What was typed meanwhile is the next one's.
    if (status === "done") setName((typed) => (typed === name ? "" : typed));
  };
  return (
    <section className="card" aria-label="New API key">
      <UsageBar resourceType="quota:api_key" label="API keys" />
      <CreateForm
        label="Name of the new key"
        action="Create key"
        resource="API keys"
        {...{ name, isPending, limitError, error }}
        onName={setName}
        onCreate={create}
        onDismiss={reset}
      />
      {fresh && <FreshKey key={fresh.id} made={fresh} onClose={() => setFresh(null)} />}
    </section>
  );
}
