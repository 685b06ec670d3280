import { type ReactElement, useState } from "react";
import { useSWRConfig } from "swr";
import { nothing, request } from "../api/request.ts";
import { Confirmation } from "../elements/confirmation.tsx";
import { useToast } from "../elements/toasts.tsx";

/** Brings the organisations that the demo began with back to how they were. */
export function Reset(): ReactElement {
  const { mutate } = useSWRConfig();
  const say = useToast();
  const [isAsking, setIsAsking] = useState(false);
  const reset = async () => {
    await request("/api/reset", nothing, { method: "POST" });
    await mutate(() => true);
    say("Projects, API keys and limits are as they were at the start.");
  };
  return (
    <>
      <button type="button" className="link-button small reset" onClick={() => setIsAsking(true)}>
        Reset the demo's data
      </button>
      {isAsking && (
        <Confirmation
          title="Reset the demo's data?"
          action="Reset"
          onConfirm={reset}
          onClose={() => setIsAsking(false)}
        >
          Projects, API keys and limits of Acme, Globex and Initech go back to where they started, where you manage
          them. Members and invitations stay.
        </Confirmation>
      )}
    </>
  );
}
