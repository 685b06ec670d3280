import type { DemoAuth } from "./auth.ts";
import type { Connection } from "./database/tables.ts";

/** Everybody's password in the demo; the page shows it. */
export const PASSWORD = "entitlements";

/** The people that the demo begins with, by their first names. */
const people = {
  olivia: { name: "Olivia Owner", description: "Owns Acme, Globex and Initech." },
  adam: { name: "Adam Admin", description: "Admin of Acme and Initech, member of Globex." },
  mia: { name: "Mia Member", description: "Member of Acme and Initech, admin of Globex." },
  otto: { name: "Otto Operator", description: "Sets everybody's limits, and is a member of nothing." },
} as const;

export type PersonName = keyof typeof people;

const NAMES: readonly PersonName[] = ["olivia", "adam", "mia", "otto"];

/** Somebody to sign in as. */
export interface Person {
  readonly email: string;
  readonly name: string;
  readonly description: string;
}

/** The address that somebody signs in with. */
export function emailOf(person: PersonName | "ivan"): string {
  return `${person}@example.com`;
}

/** Those who are there, in the order in which the page offers them. */
export async function listPeople(connection: Connection): Promise<readonly Person[]> {
  const offered = NAMES.map((person) => ({ email: emailOf(person), ...people[person] }));
  const emails = offered.map(({ email }) => email);
  const found = await connection.selectFrom("user").select("email").where("email", "in", emails).execute();
  return offered.filter((person) => found.some(({ email }) => email === person.email));
}

let hash: Promise<string> | undefined;

/** The id of a person, who is made if missing. */
export async function personId({ $context }: DemoAuth, person: PersonName): Promise<string> {
  const { adapter, internalAdapter, password } = await $context;
  const email = emailOf(person);
  const found = await internalAdapter.findUserByEmail(email);
  if (found !== null) return found.user.id;
  const now = { createdAt: new Date(), updatedAt: new Date() };
  const user = { email, name: people[person].name, emailVerified: true };
  const { id } = await adapter.create<{ id: string }>({ model: "user", data: { ...user, ...now } });
  // Slow on purpose; they all have the same.
  hash ??= password.hash(PASSWORD);
  const account = { userId: id, accountId: id, providerId: "credential", password: await hash };
  await adapter.create({ model: "account", data: { ...account, ...now } });
  return id;
}
