import type { Limit } from "@x/entitlements-core/wire";
import { type DisplayStatus, isMeasured } from "../display-status.ts";
import type { Format } from "../i18n/format.ts";
import type { Messages } from "../i18n/messages.ts";

export interface UsageBarNumbers {
  readonly label: string;
  readonly status: DisplayStatus;
  readonly kind: "count" | "feature";
  readonly limit: Limit;
  readonly current: number;
  readonly reserved: number;
}

export interface UsageBarText {
  /** A word for the status; null where the numbers say enough. */
  readonly badge: string | null;
  readonly value: string;
  /** The status in a sentence of its own, for `aria-valuetext` and the live region. */
  readonly aloud: string;
  readonly hints: readonly string[];
}

/** Every word that a bar shows. */
export function usageBarText(numbers: UsageBarNumbers, messages: Messages, format: Format): UsageBarText {
  const { label, status, kind, limit, current, reserved } = numbers;
  const words = WORDS[status](messages);
  if (kind === "feature" && (isMeasured(status) || status === "unlimited")) {
    const included = messages.included();
    return { badge: null, value: included, aloud: `${label}: ${included}`, hints: [] };
  }
  if (status === "unlimited") {
    const value = messages.used({ current }, format);
    return { badge: words, value, aloud: `${label}: ${words}, ${value}`, hints: reservedHint() };
  }
  if (!isMeasured(status) || limit === null) {
    return { badge: null, value: words ?? "", aloud: `${label}: ${words}`, hints: [] };
  }
  const counts = { label, current, limit, reserved };
  const hints = reservedHint();
  if (current > limit) hints.unshift(messages.overBy({ over: current - limit }, format));
  else if (current < limit) hints.unshift(messages.left({ remaining: limit - current }, format));
  return {
    badge: words,
    value: messages.usage(counts, format),
    aloud: messages.usageAloud(counts, format),
    hints,
  };

  function reservedHint(): string[] {
    return reserved > 0 ? [messages.reserved({ reserved }, format)] : [];
  }
}

const WORDS: { readonly [S in DisplayStatus]: (messages: Messages) => string | null } = {
  loading: (messages) => messages.loading(),
  error: (messages) => messages.loadFailed(),
  unconfigured: (messages) => messages.unconfigured(),
  unlimited: (messages) => messages.unlimited(),
  blocked: (messages) => messages.blocked(),
  ok: () => null,
  near: (messages) => messages.near(),
  at: (messages) => messages.at(),
  over: (messages) => messages.over(),
};
