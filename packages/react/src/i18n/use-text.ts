import { useContext, useMemo } from "react";
import { EntitlementsContext } from "../provider/context.ts";
import { createFormat, type Format } from "./format.ts";
import type { Messages, UsageMessages } from "./messages.ts";

export interface TextProps {
  /** BCP 47. The provider's, else `"en"`. */
  readonly locale?: string | undefined;
  /** Replaces single messages of the provider's. */
  readonly messages?: Partial<Messages> | undefined;
}

/** The messages and formats that hold for a component: its own props, then the provider's, then `fallback`. */
export function useText<M extends UsageMessages>(
  fallback: M,
  own: TextProps,
): { readonly messages: M; readonly format: Format } {
  const settings = useContext(EntitlementsContext)?.settings;
  const format = createFormat(own.locale ?? settings?.locale ?? "en");
  const provided = settings?.messages;
  const mine = own.messages;
  return useMemo(
    () => ({ messages: { ...fallback, ...provided, ...mine }, format }),
    [fallback, provided, mine, format],
  );
}
