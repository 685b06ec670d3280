import { type FormEvent, type ForwardedRef, type ReactElement, useId, useMemo, useState } from "react";
import { useSeats } from "../hooks/use-seats.ts";
import { english } from "../i18n/english.ts";
import { useText } from "../i18n/use-text.ts";
import { LimitAlert } from "../limit-alert/limit-alert.tsx";
import { RoleSelect } from "../role-select/role-select.tsx";
import { AddressField } from "./address-field.tsx";
import { splitAddresses } from "./addresses.ts";
import { fitIn, type ShownLine, showLines, uncounted } from "./fit.ts";
import type { InviteFormProps } from "./invite-form.tsx";
import { InviteLines } from "./invite-lines.tsx";
import { idOf, markAddresses } from "./lines.ts";
import { readText } from "./read-text.ts";
import { SeatFits } from "./seat-fits.tsx";
import { useFocusOnRefusal } from "./use-focus-on-refusal.ts";
import { useSending } from "./use-sending.ts";

const NOBODY: readonly string[] = [];
const asSent = (email: string): ShownLine => ({ email, status: "sent" });

export interface InviteFormBodyProps extends InviteFormProps {
  readonly forwardedRef: ForwardedRef<HTMLFormElement>;
}

export function InviteFormBody({
  seats,
  onInvite,
  members = NOBODY,
  invited = NOBODY,
  only,
  defaultRole,
  roleLabel,
  errorText,
  onSent,
  slotProps = {},
  locale,
  messages: own,
  forwardedRef,
  ...root
}: InviteFormBodyProps): ReactElement {
  const { messages, format } = useText(english, { locale, messages: own });
  const { buckets, bucketFor } = useSeats(seats);
  const id = useId();
  const [text, setText] = useState("");
  const [isTyping, setIsTyping] = useState(false);
  const [picked, setPicked] = useState(defaultRole ?? null);
  const [news, setNews] = useState("");
  const [lastSent, setLastSent] = useState(NOBODY);
  const sending = useSending(onInvite, errorText);
  const { results, counted, isCounting, isPending, limitError, send, forgetDenial, forgetResults } = sending;
  const refusal = useFocusOnRefusal(limitError);

  const lines = useMemo(() => markAddresses(text, { members, invited }, isTyping), [text, members, invited, isTyping]);
  const waiting = uncounted(lines, results, counted);
  const isOffered = (role: string) => only?.includes(role) ?? true;
  const offered = buckets.filter(({ roles }) => roles.some(isOffered));
  const role = picked !== null && isOffered(picked) ? picked : null;
  const bucket = role === null ? null : bucketFor(role);
  const fits = bucket === null ? null : fitIn(bucket, waiting.length);
  const batch = waiting.slice(0, fits ?? 0);
  // What was sent stays readable until something new is typed.
  const shown = text === "" ? lastSent.map(asSent) : showLines(lines, results, counted, fits);
  const isFull = offered.length > 0 && offered.every(({ reason }) => reason === "limit" || reason === "blocked");
  const nothingFree = { kind: "feature", resourceType: offered[0]?.bucket ?? "", label: null };
  const alertMessages = {
    ...own,
    denied: limitError ? messages.denied : messages.inviteEveryFull,
    deniedHint: messages.inviteDenied,
  };
  const missing = whatIsMissing();

  function whatIsMissing(): string | null {
    if (isPending) return messages.inviteSending();
    if (isCounting) return messages.reason({ reason: "loading", label: null }, format);
    if (isFull) return messages.inviteEveryFull();
    if (waiting.length === 0) return messages.inviteMissing({ what: "address" });
    if (bucket === null) return messages.inviteMissing({ what: "role" });
    if (batch.length > 0) return null;
    return messages.reason({ reason: bucket.reason ?? "limit", label: bucket.label }, format);
  }

  const begin = () => {
    if (text === "" && !isPending) forgetResults();
    setLastSent(NOBODY);
    setNews("");
  };

  const type = (typed: string) => {
    begin();
    setText(typed);
    setIsTyping(true);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isCounting || role === null || batch.length === 0) return;
    const emails = batch.map(({ email }) => email);
    setIsTyping(false);
    setNews(messages.inviteSending());
    const outcome = await send(emails, role);
    if (outcome === null) return;
    const { sent, failed } = outcome;
    setNews(messages.inviteSent({ sent: sent.length, failed, kept: emails.length - sent.length - failed }, format));
    if (sent.length === 0) return;
    const gone = new Set(sent.map(idOf));
    setLastSent(sent);
    // Only a text of which nothing is left to do makes room.
    setText((now) => (splitAddresses(now).every((email) => gone.has(idOf(email))) ? "" : now));
    onSent?.(sent, role);
  };

  const addFile = async (file: File) => {
    begin();
    try {
      const added = splitAddresses(await readText(file));
      // One a line, so that what was there keeps its meaning beside what is added.
      setText((now) => [...splitAddresses(now), ...added].join("\n"));
      setIsTyping(false);
      setNews(messages.inviteFileRead({ name: file.name, count: added.length }, format));
    } catch {
      setNews(messages.inviteFileFailed({ name: file.name }));
    }
  };

  const parts = { messages, format, slotProps };
  const isBlocked = isCounting || batch.length === 0;
  return (
    <form
      noValidate
      {...root}
      ref={forwardedRef}
      onSubmit={(event) => void submit(event)}
      aria-busy={isPending}
      data-slot="invite-form"
      data-status={isFull ? "at" : "ok"}
    >
      <AddressField
        {...parts}
        text={text}
        onType={type}
        onLeave={() => setIsTyping(false)}
        onFile={(file) => void addFile(file)}
        isInvalid={lines.some(({ mark }) => mark === "invalid")}
        describedBy={shown.length > 0 ? `${id}lines` : undefined}
      />
      <InviteLines {...parts} id={`${id}lines`} lines={shown} ready={waiting.length} />
      <RoleSelect
        label={messages.inviteRole()}
        seats={seats}
        value={role}
        onValueChange={(chosen) => {
          setPicked(chosen);
          forgetDenial();
        }}
        only={only}
        {...(roleLabel && { roleLabel })}
        {...{ locale, messages: own, slotProps: slotProps.role }}
      />
      {!isFull && <SeatFits {...parts} buckets={offered} chosen={bucket?.bucket ?? null} ready={waiting.length} />}
      <div ref={refusal} tabIndex={-1} data-slot="invite-form-refusal">
        <LimitAlert error={limitError ?? (isFull ? nothingFree : null)} {...{ locale, messages: alertMessages }} />
      </div>
      <div data-slot="invite-form-footer">
        <button
          type="submit"
          aria-disabled={isBlocked}
          aria-describedby={`${id}missing`}
          {...slotProps.submit}
          data-slot="invite-form-submit"
          data-status={isPending ? "loading" : isBlocked ? "blocked" : "ok"}
        >
          <bdi>{messages.inviteSubmit({ count: batch.length }, format)}</bdi>
        </button>
        {/* The button is still described by it while the news stands there instead. */}
        <bdi id={`${id}missing`} hidden={news !== ""} data-slot="invite-form-missing">
          {missing}
        </bdi>
        <bdi role="status" data-slot="invite-form-news">
          {news}
        </bdi>
      </div>
    </form>
  );
}
