/** The language that the pages are written in. */
export const LOCALE = "en-GB";

export const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });
export const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
export const alternatives = new Intl.ListFormat(LOCALE, { type: "disjunction" });
