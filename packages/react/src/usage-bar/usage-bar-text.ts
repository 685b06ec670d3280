import type { Limit } from "@x/entitlements-core/wire";
import { type DisplayStatus, isMeasured } from "../display-status.ts";
import type { Format } from "../i18n/format.ts";
import type { UsageMessages } from "../i18n/messages.ts";

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
export function usageBarText(numbers: UsageBarNumbers, messages: UsageMessages, format: Format): UsageBarText {
  const { label, status, kind, limit, current, reserved } = numbers;
  const words = status === "ok" ? null : messages[status]();
  const inWords = (value: string) => ({ badge: null, value, aloud: `${label}: ${value}`, hints: [] });
  if (kind === "feature" && (isMeasured(status) || status === "unlimited")) return inWords(messages.included());
  const hints = reserved > 0 ? [messages.reserved({ reserved }, format)] : [];
  if (status === "unlimited") {
    const value = messages.used({ current }, format);
    return { badge: words, value, aloud: `${label}: ${words}, ${value}`, hints };
  }
  if (!isMeasured(status) || limit === null) return inWords(words ?? "");
  const over = current - limit;
  hints.unshift(over > 0 ? messages.overBy({ over }, format) : messages.left({ remaining: limit - current }, format));
  const counts = { label, current, limit, reserved };
  return { badge: words, value: messages.usage(counts, format), aloud: messages.usageAloud(counts, format), hints };
}
