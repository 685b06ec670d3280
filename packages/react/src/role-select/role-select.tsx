"use client";

import { Root, Icon as SelectIcon, Trigger, Value } from "@radix-ui/react-select";
import type { Limit, ResourceType, Seats } from "@x/entitlements-core/wire";
import {
  type ForwardedRef,
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useId,
  useState,
} from "react";
import { useSeats } from "../hooks/use-seats.ts";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { full, Icon } from "../icon.tsx";
import { useEntitlementsContext } from "../provider/context.ts";
import type { RootProps } from "../root-props.ts";
import { fromNumbers, fromSeats, type OfferedBucket, type RoleBucket } from "./role-bucket.ts";
import { RoleOptions } from "./role-options.tsx";
import type { RoleSelectSlotProps } from "./slots.ts";

export type { RoleBucket } from "./role-bucket.ts";
export type { RoleSelectSlotProps } from "./slots.ts";

interface Common<Role extends string> extends Omit<RootProps, "defaultValue">, TextProps {
  /** The visible name of the choice. */
  readonly label: string;
  /** The role chosen, null for none. Without it the choice keeps its own, beginning with `defaultValue`. */
  readonly value?: Role | null | undefined;
  /** The role that is chosen at first; none unless given. */
  readonly defaultValue?: NoInfer<Role> | undefined;
  onValueChange?(role: Role): void;
  /** Which roles are on offer; all of them unless given. */
  readonly only?: readonly NoInfer<Role>[] | undefined;
  /** The role that the person has already: within its kind of seat a change costs nothing. */
  readonly heldRole?: Role | undefined;
  /** Names a role; the message `roleName` unless given. */
  roleLabel?(role: Role): string;
  /** Whether nothing can be chosen at all. */
  readonly disabled?: boolean | undefined;
  /** Where the list is put. In place unless given. */
  readonly container?: HTMLElement | undefined;
  readonly slotProps?: RoleSelectSlotProps | undefined;
}

/** The seats from the `EntitlementsProvider` above. */
export interface ConnectedRoleSelectProps<Role extends string = string> extends Common<Role> {
  /** Core's `defineSeats`. */
  readonly seats: Seats<ResourceType, Role>;
  readonly buckets?: undefined;
}

/** The seats as plain numbers. */
export interface PlainRoleSelectProps<Role extends string = string> extends Common<Role> {
  readonly buckets: readonly RoleBucket<Role>[];
  readonly seats?: undefined;
}

export type RoleSelectProps<Role extends string = string> = ConnectedRoleSelectProps<Role> | PlainRoleSelectProps<Role>;

type RoleSelectComponent = <Role extends string>(
  props: RoleSelectProps<Role> & RefAttributes<HTMLDivElement>,
) => ReactNode;

/** A choice of roles by the seat they take. Full seats are disabled, and a text below the choice says why. */
export const RoleSelect: RoleSelectComponent = forwardRef(function RoleSelect(
  props: RoleSelectProps,
  ref: ForwardedRef<HTMLDivElement>,
) {
  if (props.seats !== undefined) return <ConnectedRoleSelect {...props} forwardedRef={ref} />;
  const { buckets, seats: _, ...rest } = props;
  return <Choice {...rest} offered={buckets.map(fromNumbers)} forwardedRef={ref} />;
});

interface Forwarded {
  readonly forwardedRef: ForwardedRef<HTMLDivElement>;
}

function ConnectedRoleSelect({ seats, buckets: _, ...rest }: ConnectedRoleSelectProps & Forwarded): ReactElement {
  const view = useSeats(seats);
  const { scope, refresh } = useEntitlementsContext();
  // Keyed, so that a role chosen for one organisation is not chosen for the next.
  return <Choice key={scope} {...rest} offered={view.buckets.map(fromSeats)} onRetry={() => void refresh()} />;
}

interface ChoiceProps extends Common<string>, Forwarded {
  readonly offered: readonly OfferedBucket[];
  readonly onRetry?: () => void;
}

function Choice({
  label,
  offered,
  value,
  defaultValue,
  onValueChange,
  only,
  heldRole,
  roleLabel,
  disabled = false,
  container,
  onRetry,
  slotProps = {},
  locale,
  messages: own,
  forwardedRef,
  ...root
}: ChoiceProps): ReactElement {
  const { messages, format } = useText(english, { locale, messages: own });
  const id = useId();
  const [inner, setInner] = useState(defaultValue ?? null);
  const chosen = value === undefined ? inner : value;
  const nameOf = (role: string) => roleLabel?.(role) ?? messages.roleName({ role }, format);
  const shown = offered
    .map(({ roles, reason, ...bucket }) => ({
      ...bucket,
      roles: roles.filter((role) => only?.includes(role) ?? true),
      // Within the kind of seat that is held already nothing more is taken.
      reason: roles.some((role) => role === heldRole) ? null : reason,
    }))
    .filter(({ roles }) => roles.length > 0);
  const unavailable = shown.filter(({ reason }) => reason !== null);
  // While nothing is known there is one reason for everything.
  const unknown = unavailable.find(({ reason }) => reason === "loading" || reason === "error")?.reason ?? null;
  const status = unknown ?? (unavailable.length === shown.length ? "at" : "ok");
  const reasons =
    unknown !== null
      ? [messages.reason({ reason: unknown, label: null }, format)]
      : unavailable.map(({ reason, ...bucket }) =>
          messages.rolesUnavailable({ ...bucket, reason: reason ?? "limit", roles: bucket.roles.map(nameOf) }, format),
        );
  const groups = shown.map(({ bucket, label, roles, free, reason }) => ({
    bucket,
    label,
    room: roomOf(reason, free),
    options: roles.map((role) => ({ role, name: nameOf(role), disabled: reason !== null })),
  }));
  function roomOf(reason: OfferedBucket["reason"], free: Limit): string | null {
    if (reason === "limit") return messages.seatsFull();
    return free === null || reason !== null ? null : messages.seatsFree({ free }, format);
  }
  const choose = (role: string) => {
    // Radix says "" when a form is reset or the chosen role is no longer on the list.
    if (role === "") return;
    setInner(role);
    onValueChange?.(role);
  };
  return (
    <div {...root} ref={forwardedRef} data-slot="role-select" data-status={status}>
      <label {...slotProps.label} htmlFor={`${id}trigger`} data-slot="role-select-label" data-status={status}>
        {label}
      </label>
      <Root value={chosen ?? ""} onValueChange={choose} disabled={disabled}>
        <Trigger
          aria-describedby={reasons.length > 0 ? `${id}reasons` : undefined}
          {...slotProps.trigger}
          id={`${id}trigger`}
          // Radix would set a direction of its own.
          dir={undefined}
          data-slot="role-select-trigger"
          data-status={status}
        >
          <Value placeholder={messages.chooseRole()}>{chosen === null ? undefined : nameOf(chosen)}</Value>
          <SelectIcon asChild>
            <span>
              <Icon path="M4 6.25l4 4 4-4" />
            </span>
          </SelectIcon>
        </Trigger>
        <RoleOptions groups={groups} container={container} slotProps={slotProps} />
      </Root>
      {reasons.length > 0 && (
        <div {...slotProps.reasons} id={`${id}reasons`} data-slot="role-select-reasons" data-status={status}>
          {reasons.map((reason) => (
            <p key={reason}>
              <Icon path={full} />
              <bdi>{reason}</bdi>
            </p>
          ))}
          {unknown === "error" && onRetry && (
            <button type="button" onClick={onRetry} data-slot="role-select-retry">
              {messages.retry()}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
