/** Numbers, plurals, lists and dates of one locale. */
export interface Format {
  readonly locale: string;
  number(value: number): string;
  /** The form for a count, with `#` replaced by the number: `plural(2, { one: "# seat", other: "# seats" })`. */
  plural(count: number, forms: PluralForms): string;
  /** "a, b and c" */
  list(items: readonly string[]): string;
  /** "in 3 days", in the largest unit that fits. */
  relative(to: Date, from: Date): string;
  /** A calendar day in UTC, the same on the server and in every browser. */
  date(value: Date): string;
}

export type PluralForms = { readonly [Rule in Intl.LDMLPluralRule]?: string } & { readonly other: string };

const MINUTE = 60_000;
const DAY = 86_400_000;
const UNITS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number])[] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3_600_000],
];

const formats = new Map<string, Format>();

/** The formats of a locale such as `"de"` or `"pt-BR"`. A locale that is none falls back to English. */
export function createFormat(locale: string): Format {
  const known = formats.get(locale);
  if (known) return known;
  const format = build(canonical(locale));
  formats.set(locale, format);
  return format;
}

// A misspelt locale must not take the page down: Intl throws on it. For one that it does not know it would take that of the
// machine, which is another one on the server than in the browser.
function canonical(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

function build(locale: string): Format {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  // Not "tomorrow" or "next month": thirty days on, it may still be this one.
  const relatives = new Intl.RelativeTimeFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  return {
    locale,
    number: (value) => numbers.format(value),
    plural: (count, forms) => (forms[plurals.select(count)] ?? forms.other).replace("#", numbers.format(count)),
    list: (items) => lists.format(items),
    relative: (to, from) => {
      const ms = to.getTime() - from.getTime();
      const [unit, size] = UNITS.find(([, size]) => Math.abs(ms) >= size) ?? (["minute", MINUTE] as const);
      return relatives.format(Math.round(ms / size) || 1, unit);
    },
    date: (value) => dates.format(value),
  };
}
