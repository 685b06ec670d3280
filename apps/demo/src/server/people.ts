import type { DemoAuth } from "./auth.ts";

/** Everybody's password in the demo; the page shows it. */
export const PASSWORD = "entitlements";

/** The people that the demo begins with, by their first names. */
const people = { olivia: "Olivia Owner", adam: "Adam Admin", mia: "Mia Member" } as const;

export type PersonName = keyof typeof people;

/** The address that somebody signs in with. */
export function emailOf(person: PersonName | "ivan"): string {
  return `${person}@example.com`;
}

let hash: Promise<string> | undefined;

/** The id of a person, who is made if missing. */
export async function personId({ $context }: DemoAuth, person: PersonName): Promise<string> {
  const { adapter, internalAdapter, password } = await $context;
  const email = emailOf(person);
  const found = await internalAdapter.findUserByEmail(email);
  if (found !== null) return found.user.id;
  const now = { createdAt: new Date(), updatedAt: new Date() };
  const user = { email, name: people[person], emailVerified: true };
  const { id } = await adapter.create<{ id: string }>({ model: "user", data: { ...user, ...now } });
  // Slow on purpose; they all have the same.
  hash ??= password.hash(PASSWORD);
  const account = { userId: id, accountId: id, providerId: "credential", password: await hash };
  await adapter.create({ model: "account", data: { ...account, ...now } });
  return id;
}
