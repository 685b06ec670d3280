import { type ChangeEvent, type ReactElement, useId } from "react";
import type { Messages } from "../i18n/messages.ts";
import type { InviteFormSlotProps } from "./slots.ts";

export interface AddressFieldProps {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onLeave: () => void;
  readonly onFile: (file: File) => void;
  readonly isInvalid: boolean;
  readonly describedBy: string | undefined;
  readonly messages: Messages;
  readonly slotProps: InviteFormSlotProps;
}

/** Where addresses are typed or pasted, and where a file is chosen. */
export function AddressField(props: AddressFieldProps): ReactElement {
  const { text, onType, onLeave, onFile, isInvalid, describedBy, messages, slotProps } = props;
  const id = useId();
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    if (file) onFile(file);
    // So that the same file can be chosen again after it was mended.
    currentTarget.value = "";
  };
  return (
    <div data-slot="invite-form-field">
      <label {...slotProps.label} htmlFor={id} data-slot="invite-form-label" data-status="ok">
        {messages.inviteAddresses()}
      </label>
      <textarea
        rows={3}
        spellCheck={false}
        autoCapitalize="none"
        inputMode="email"
        aria-describedby={describedBy ? `${id}hint ${describedBy}` : `${id}hint`}
        aria-invalid={isInvalid}
        {...slotProps.addresses}
        id={id}
        value={text}
        onChange={({ currentTarget }) => onType(currentTarget.value)}
        onBlur={onLeave}
        data-slot="invite-form-addresses"
        data-status={isInvalid ? "error" : "ok"}
      />
      <div data-slot="invite-form-hint">
        <bdi id={`${id}hint`}>{messages.inviteAddressesHint()}</bdi>
        <label {...slotProps.file} data-slot="invite-form-file" data-status="ok">
          <input type="file" accept=".csv,.txt,text/csv,text/plain" onChange={choose} data-slot="visually-hidden" />
          {messages.inviteFile()}
        </label>
      </div>
    </div>
  );
}
