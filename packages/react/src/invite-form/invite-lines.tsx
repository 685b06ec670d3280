import type { ReactElement } from "react";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";
import type { ShownLine } from "./fit.ts";
import type { InviteFormSlotProps } from "./slots.ts";

/** More would be slow to draw and nobody reads them: the numbers above are of all. */
const SHOWN = 100;

export interface InviteLinesProps {
  readonly id: string;
  readonly lines: readonly ShownLine[];
  readonly ready: number;
  readonly messages: Messages;
  readonly format: Format;
  readonly slotProps: InviteFormSlotProps;
}

/** Every address with what is to be said of it. */
export function InviteLines({ id, lines, ready, messages, format, slotProps }: InviteLinesProps): ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <div data-slot="invite-form-checked">
      <p id={id}>
        <bdi>{messages.inviteLines({ total: lines.length, ready }, format)}</bdi>
      </p>
      <ul
        // biome-ignore lint/a11y/noRedundantRoles: Safari takes the list away from a list without bullets.
        role="list"
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: A list that scrolls has to be reached by keyboard.
        tabIndex={0}
        {...slotProps.lines}
        data-slot="invite-form-lines"
        data-status="ready"
      >
        {lines.slice(0, SHOWN).map(({ email, status, text }, index) => (
          // Addresses repeat, and their order is what a person typed.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} {...slotProps.line} data-slot="invite-form-line" data-status={status ?? "loading"}>
            <bdi>{email}</bdi>
            {status !== null && <bdi data-slot="invite-form-mark">{text ?? messages.inviteLine({ status })}</bdi>}
          </li>
        ))}
      </ul>
      {lines.length > SHOWN && <p>{messages.inviteMore({ count: lines.length - SHOWN }, format)}</p>}
    </div>
  );
}
