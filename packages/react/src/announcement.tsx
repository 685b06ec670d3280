import { type ReactElement, useEffect, useState } from "react";
import type { DisplayStatus } from "./display-status.ts";

export interface AnnouncementProps {
  /** What the status is about: a change of it is no transition. */
  readonly subject: string;
  readonly status: DisplayStatus;
  readonly text: string;
}

/** A live region that is always there, and speaks only when the status of one thing changes to another. */
export function Announcement({ subject, status, text }: AnnouncementProps): ReactElement {
  const [heard, setHeard] = useState({ subject, status, text: "" });
  useEffect(() => {
    setHeard((before) => {
      const isSame = before.subject === subject;
      if (isSame && before.status === status) return before;
      // The first numbers to arrive are no news, and neither is a wait in between.
      const isNews = isSame && before.status !== "loading" && status !== "loading";
      return { subject, status, text: isNews ? text : "" };
    });
  }, [subject, status, text]);
  return (
    <span role="status" data-slot="visually-hidden">
      {heard.subject === subject ? heard.text : ""}
    </span>
  );
}
