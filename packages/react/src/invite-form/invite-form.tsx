"use client";

import type { ResourceType, Seats } from "@x/entitlements-core/wire";
import type { ForwardedRef, ReactNode, RefAttributes } from "react";
import type { TextProps } from "../i18n/use-text.ts";
import { useEntitlementsContext } from "../provider/context.ts";
import { type SourceProps, takingSource } from "../provider/taking-source.tsx";
import type { RootProps } from "../root-props.ts";
import { InviteFormBody } from "./invite-form-body.tsx";
import type { InviteFormSlotProps } from "./slots.ts";

export type { InviteFormSlotProps } from "./slots.ts";

export interface InviteFormProps<Role extends string = string>
  extends Omit<RootProps, "onSubmit">,
    TextProps,
    SourceProps {
  /** Core's `defineSeats`. */
  readonly seats: Seats<ResourceType, Role>;
  /**
   * Sends one invitation. Called for one address after the other, in the order typed, until a seat is refused. May reject, or
   * answer with a `Response`, a problem document or `{ error }`.
   */
  onInvite(email: string, role: Role): Promise<unknown>;
  /** The addresses of those who are in already. */
  readonly members?: readonly string[] | undefined;
  /** The addresses of those who are invited already. */
  readonly invited?: readonly string[] | undefined;
  /** Which roles are on offer; all of them unless given. */
  readonly only?: readonly NoInfer<Role>[] | undefined;
  /** The role that is chosen at first; none unless given. */
  readonly defaultRole?: NoInfer<Role> | undefined;
  /** Names a role; the message `roleName` unless given. */
  roleLabel?(role: Role): string;
  /** What to say of an invitation that failed for another reason than a limit; "Not sent" unless given. */
  readonly errorText?: ((error: unknown) => string | null | undefined) | undefined;
  /** After a batch of which at least one was sent: the moment to load members and invitations again. */
  onSent?(emails: readonly string[], role: Role): void;
  readonly slotProps?: InviteFormSlotProps | undefined;
}

type InviteFormComponent = <Role extends string>(
  // Once more as a property: as a method it would take a narrower role.
  props: InviteFormProps<Role> &
    RefAttributes<HTMLFormElement> & { onInvite: (email: string, role: NoInfer<Role>) => Promise<unknown> },
) => ReactNode;

/** Invites one or many by e-mail, with the seats counted while typing. A refusal keeps what was typed and shows the way on. */
export const InviteForm: InviteFormComponent = takingSource(function InviteForm(
  props: InviteFormProps,
  ref: ForwardedRef<HTMLFormElement>,
) {
  const { scope } = useEntitlementsContext();
  // Keyed, so that nothing typed or answered passes to another organisation.
  return <InviteFormBody key={scope} {...props} forwardedRef={ref} />;
});
