import { type ReactElement, useId } from "react";
import { useLocation, useNavigate } from "react-router";
import { ApiError, failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Button } from "../elements/button.tsx";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import { type Me, signOut } from "../session/session.ts";
import { FullNotice } from "./full-notice.tsx";
import { accept, type Details, decline, type Preview, useDetails } from "./invitation.ts";

export interface AnswerProps {
  readonly id: string;
  readonly me: Me;
  /** Asks again where this person belongs. */
  readonly refresh: () => Promise<unknown>;
  readonly preview: Preview;
  readonly onChanged: () => Promise<unknown>;
}

/** For whoever is signed in: the two answers, if the invitation is theirs. */
export function Answer({ me, ...choice }: AnswerProps): ReactElement {
  const { data, error, mutate } = useDetails(choice.id, me.user.id);
  if (data) return <Choice {...choice} details={data} />;
  if (error instanceof ApiError && error.status !== null && error.status < 500)
    return <WrongAccount email={me.user.email} />;
  if (error) return <Failure title="The invitation could not be loaded" error={error} onRetry={() => void mutate()} />;
  return <SkeletonRows rows={2} label="Loading the invitation" />;
}

function WrongAccount({ email }: { readonly email: string }): ReactElement {
  const { pathname } = useLocation();
  const { run, isPending, error } = useAction(() => signOut(pathname));
  return (
    <>
      <p>
        This invitation is for another address than <strong>{email}</strong>, with which you are signed in.
      </p>
      <div role="alert" className="failure">
        {error ? failureText(error) : null}
      </div>
      <Button kind="primary" isPending={isPending} onClick={() => void run()}>
        Sign out and use another account
      </Button>
    </>
  );
}

interface ChoiceProps extends Omit<AnswerProps, "me"> {
  readonly details: Details;
}

function Choice({ id, details, refresh, preview, onChanged }: ChoiceProps): ReactElement {
  const navigate = useNavigate();
  const noticeId = useId();
  const answer = useAction(async (isAccepted: boolean) => {
    try {
      await (isAccepted ? accept(id) : decline(id));
    } catch (error) {
      // The last seat may have gone meanwhile, or the invitation itself.
      await onChanged();
      // What a refusal says of the numbers is not for somebody who is not in.
      if (error instanceof ApiError && error.status === 402) return;
      throw error;
    }
    if (isAccepted) await refresh();
    await navigate(isAccepted ? `/${details.organizationId}/projects` : "/");
  });
  return (
    <>
      <p>
        {details.inviterEmail} invites you to join <strong>{details.organizationName}</strong> as {details.role}.
      </p>
      {!preview.seatAvailable && <FullNotice id={noticeId} />}
      <div role="alert" className="failure">
        {answer.error ? failureText(answer.error) : null}
      </div>
      <div className="row">
        <Button
          kind="primary"
          isBlocked={!preview.seatAvailable}
          isPending={answer.isPending}
          aria-describedby={preview.seatAvailable ? undefined : noticeId}
          onClick={() => void answer.run(true)}
        >
          Accept
        </Button>
        <Button isPending={answer.isPending} onClick={() => void answer.run(false)}>
          Decline
        </Button>
      </div>
    </>
  );
}
