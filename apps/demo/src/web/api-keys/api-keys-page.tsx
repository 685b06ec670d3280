import { useEntitlements } from "@x/entitlements-react";
import { type ReactElement, useState } from "react";
import { Button } from "../elements/button.tsx";
import { Confirmation } from "../elements/confirmation.tsx";
import { Empty, Failure, SkeletonRows } from "../elements/states.tsx";
import { useToast } from "../elements/toasts.tsx";
import { day } from "../locale.ts";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { type ApiKey, revokeApiKey, useApiKeys } from "./api-keys.ts";
import { NewApiKeyForm } from "./new-api-key-form.tsx";

export function ApiKeysPage(): ReactElement {
  const { id, name } = useOrganisation();
  const { data, error, mutate } = useApiKeys(id);
  const { refresh } = useEntitlements();
  const say = useToast();
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const keys = data?.keys;
  const revoke = async (key: ApiKey) => {
    await revokeApiKey(id, key.id);
    await Promise.all([mutate(), refresh()]);
    say(`${key.name} is revoked.`);
  };
  return (
    <Page
      title="API keys"
      of={name}
      description="For programs that act for the organisation. Each counts against the limit."
    >
      <NewApiKeyForm onCreated={mutate} />
      <section className="card" data-flush="true" aria-label="API keys">
        {keys === undefined && !error && <SkeletonRows rows={2} label="Loading API keys" />}
        {keys === undefined && error ? (
          <Failure title="The API keys could not be loaded" error={error} onRetry={() => void mutate()} />
        ) : null}
        {keys?.length === 0 && (
          <Empty icon="keys" title="No API keys yet">
            <p>Name the first one above.</p>
          </Empty>
        )}
        {keys !== undefined && keys.length > 0 && (
          <table className="table" data-stacked="true">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Key</th>
                <th scope="col">Created</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <th scope="row">{key.name}</th>
                  <td>
                    <code className="muted">{key.prefix}…</code>
                  </td>
                  <td className="muted">{day.format(new Date(key.createdAt))}</td>
                  <td>
                    <div className="actions">
                      <Button size="small" aria-label={`Revoke ${key.name}`} onClick={() => setLeaving(key)}>
                        Revoke
                      </Button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {leaving && (
        <Confirmation
          title={`Revoke ${leaving.name}?`}
          action="Revoke"
          onConfirm={() => revoke(leaving)}
          onClose={() => setLeaving(null)}
        >
          Programs that use this key lose access at once. It counts no longer.
        </Confirmation>
      )}
    </Page>
  );
}
