import { type ReactElement, type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { Failure, SkeletonRows } from "../elements/states.tsx";
import { Brand } from "../navigation/brand.tsx";
import { Heading } from "../navigation/heading.tsx";
import { useSession } from "../session/session.ts";
import { Answer } from "./answer.tsx";
import { Introduction } from "./introduction.tsx";
import { usePreview } from "./invitation.ts";

/** Where the link of an invitation leads, whoever opens it. */
export function InvitationPage(): ReactElement {
  const { id = "" } = useParams();
  const session = useSession();
  const { data, error, mutate } = usePreview(id);
  const [hasSignedIn, setHasSignedIn] = useState(false);
  const signedIn = async () => {
    await session.refresh();
    setHasSignedIn(true);
  };
  const retry = () => void Promise.all([mutate(), session.refresh()]);
  if (data === undefined && error)
    return (
      <Sheet title="Invitation">
        <Failure title="The invitation could not be loaded" error={error} onRetry={retry} />
      </Sheet>
    );
  if (session.error)
    return (
      <Sheet title="Invitation">
        <Failure title="Your session could not be checked" error={session.error} onRetry={retry} />
      </Sheet>
    );
  if (data === undefined || session.me === undefined)
    return (
      <Sheet title="Invitation">
        <SkeletonRows rows={2} label="Loading the invitation" />
      </Sheet>
    );
  if (!data.valid)
    return (
      <Sheet title="This invitation is no longer open">
        <p>It has been answered or withdrawn, it has expired, or the link is not complete. Ask whoever invited you.</p>
        <Link className="button" to="/">
          Go to the start
        </Link>
      </Sheet>
    );
  return (
    <Sheet title="You are invited" isRenewed={hasSignedIn}>
      {session.me === null ? (
        <Introduction seatAvailable={data.seatAvailable} onDone={signedIn} />
      ) : (
        <Answer id={id} me={session.me} refresh={session.refresh} preview={data} onChanged={mutate} />
      )}
    </Sheet>
  );
}

interface SheetProps {
  readonly title: string;
  readonly isRenewed?: boolean;
  readonly children: ReactNode;
}

function Sheet({ title, isRenewed = false, children }: SheetProps): ReactElement {
  return (
    <main className="center">
      <title>{`${title} · Entitlements demo`}</title>
      <Brand />
      <div className="card">
        <Heading isRenewed={isRenewed}>{title}</Heading>
        {children}
      </div>
    </main>
  );
}
