import type { ReactElement } from "react";
import * as z from "zod/mini";
import { failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { useApi } from "../api/use-api.ts";
import { Avatar } from "../elements/avatar.tsx";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import { signIn } from "./session.ts";

const schema = z.object({
  password: z.string(),
  people: z.array(z.object({ email: z.string(), name: z.string(), description: z.string() })),
});

/** The people that the demo begins with, each one click away. */
export function SeededPeople({ onDone }: { readonly onDone: () => Promise<unknown> }): ReactElement {
  const { data, error, mutate } = useApi("/api/people", schema);
  const action = useAction(async (email: string, password: string) => {
    await signIn(email, password);
    await onDone();
  });
  return (
    <section className="card" data-flush="true" aria-labelledby="people">
      <div className="card-header">
        <h2 id="people">Sign in as somebody</h2>
      </div>
      {action.error ? (
        <p role="alert" className="failure people-failure">
          {failureText(action.error)}
        </p>
      ) : null}
      {data === undefined && error === undefined && <SkeletonRows rows={4} label="Loading people" />}
      {data === undefined && error !== undefined && (
        <Failure title="The people could not be loaded" error={error} onRetry={() => void mutate()} />
      )}
      <ul className="people">
        {data?.people.map(({ email, name, description }) => (
          <li key={email}>
            <button
              type="button"
              aria-disabled={action.isPending || undefined}
              onClick={() => void action.run(email, data.password)}
            >
              <Avatar name={name} />
              <span>
                <strong>{name}</strong>
                <span className="muted">{description}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {data && (
        <p className="muted small people-hint">
          Everybody's password is <code>{data.password}</code>.
        </p>
      )}
    </section>
  );
}
