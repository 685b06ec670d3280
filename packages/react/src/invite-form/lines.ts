import { splitAddresses } from "./addresses.ts";

/** What is to be said of an address before it is sent. `unfinished`: it is being typed. */
export type AddressMark = "ready" | "unfinished" | "invalid" | "duplicate" | "member" | "invited";

export interface AddressLine {
  readonly email: string;
  /** How the address is told from others: upper and lower case are the same. */
  readonly id: string;
  readonly mark: AddressMark;
}

export interface KnownAddresses {
  readonly members: readonly string[];
  readonly invited: readonly string[];
}

export const idOf = (email: string): string => email.trim().toLowerCase();

/** Marks every address of a text. `isTyping`: a last one that is none yet may become one. */
export function markAddresses(text: string, known: KnownAddresses, isTyping = false): readonly AddressLine[] {
  const members = new Set(known.members.map(idOf));
  const invited = new Set(known.invited.map(idOf));
  const seen = new Set<string>();
  const lines = splitAddresses(text).map((email): AddressLine => {
    const id = idOf(email);
    const mark = markOf(email, id);
    seen.add(id);
    return { email, id, mark };
  });
  const last = lines.at(-1);
  if (!isTyping || last?.mark !== "invalid" || !text.endsWith(last.email)) return lines;
  return [...lines.slice(0, -1), { ...last, mark: "unfinished" }];

  function markOf(email: string, id: string): AddressMark {
    if (!isAddress(email)) return "invalid";
    if (seen.has(id)) return "duplicate";
    if (members.has(id)) return "member";
    return invited.has(id) ? "invited" : "ready";
  }
}

// Catches slips, such as a missing dot. Whether an address exists only a message to it can tell.
function isAddress(email: string): boolean {
  return email.length <= 254 && /^[^\s@<>(),;:"\\]+@[^\s@.<>(),;:"\\]+(\.[^\s@.<>(),;:"\\]+)+$/.test(email);
}
