/** What an organisation pays for. */
export interface Plan {
  readonly name: string;
  /** ISO-8601 UTC. */
  readonly renewsAt: string;
}

const names: ReadonlyMap<string, string> = new Map([
  ["acme", "Team"],
  ["globex", "Business"],
]);

/** The plan of an organisation that the demo begins with; null where it has none, like those that are founded. It renews with the month. */
export function planOf(orgId: string, now = new Date()): Plan | null {
  const name = names.get(orgId);
  if (name === undefined) return null;
  return { name, renewsAt: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString() };
}
