import { useContext, useMemo } from "react";
import { EntitlementsContext } from "../provider/context.ts";
import { english } from "./english.ts";
import { createFormat, type Format } from "./format.ts";
import type { Messages } from "./messages.ts";

export interface TextProps {
  /** BCP 47. The provider's, else `"en"`. */
  readonly locale?: string | undefined;
  /** Replaces single messages of the provider's. */
  readonly messages?: Partial<Messages> | undefined;
}

/** The messages and formats that hold for a component: its own props, then the provider's, then English. */
export function useText(own: TextProps = {}): { readonly messages: Messages; readonly format: Format } {
  const settings = useContext(EntitlementsContext)?.settings;
  const format = createFormat(own.locale ?? settings?.locale ?? "en");
  const provided = settings?.messages;
  const mine = own.messages;
  return useMemo(() => ({ messages: { ...english, ...provided, ...mine }, format }), [provided, mine, format]);
}
