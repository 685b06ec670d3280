export { type DisplayStatus, type DisplayStatusInput, displayStatus, isMeasured } from "./display-status.ts";
export { english } from "./i18n/english.ts";
export { createFormat, type Format, type PluralForms } from "./i18n/format.ts";
export type { Counts, Messages, UsageMessages } from "./i18n/messages.ts";
