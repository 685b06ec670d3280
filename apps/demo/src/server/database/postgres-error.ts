import { isConfigurationError, isStorageError } from "@x/entitlements-core";
import { codeOf, messageOf } from "../start-error.ts";

/** Where a PostgreSQL database is; never with a password. */
export interface PostgresPlace {
  readonly name: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** The line for what the first connection failed with, whatever that is. */
export function explainConnect(error: unknown, place: PostgresPlace): string {
  const { name, host, port } = place;
  const told = oneLine(messageOf(error));
  switch (codeOf(error)) {
    case "ECONNREFUSED":
    case "ENOENT":
      return `Nothing answers at ${host}:${port}. Start PostgreSQL there, or change host and port in DATABASE_URL (${name}).`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `There is no host ${host}. Change it in DATABASE_URL (${name}).`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return notInTime(place);
    default:
  }
  if (/time-?out/i.test(told)) return notInTime(place);
  // The driver asks for a password that was not given; this error of its own has no code.
  if (/password/i.test(told)) return refusedLogin(place, told);
  return (
    explainPostgres(error, place) ??
    `PostgreSQL at ${host}:${port} cannot be used (${told}). Check DATABASE_URL (${name}).`
  );
}

/** The line for what went wrong with a PostgreSQL database at the start; null for what is not foreseen. */
export function explainPostgres(error: unknown, place: PostgresPlace): string | null {
  const { name, user, database } = place;
  if (isConfigurationError(error)) return `The database ${name} cannot be used: ${oneLine(error.message)}`;
  const driverError = isStorageError(error) ? error.cause : error;
  const told = oneLine(messageOf(driverError));
  const code = codeOf(driverError) ?? "";
  switch (code) {
    case "28P01":
    case "28000":
      return refusedLogin(place, told);
    case "3D000":
      return `The server has no database ${database}. Make it (createdb ${database}), or name another one in DATABASE_URL (${name}).`;
    case "42501":
      return `The user ${user} lacks a right in the database ${name} (${told}). As its owner run: grant create on schema public to "${user}". Or put its owner into DATABASE_URL.`;
    case "53300":
      return `The server of ${name} has no connection left. Stop a program that uses it, or raise max_connections.`;
    case "57P03":
      return `The server of ${name} is starting up or shutting down. Try again in a moment.`;
    default:
  }
  // A table or column that is missing, or something else that has its name.
  if (code.startsWith("42"))
    return `The database ${name} is not one of this demo (${told}). Make an empty one (createdb demo) and put it into DATABASE_URL.`;
  return isStorageError(error) ? `The database ${name} cannot be used: ${oneLine(error.message)}` : null;
}

/** The line for a server that takes no writes. */
export function onlyRead({ name }: PostgresPlace): string {
  return `The database ${name} may only be read: it is a replica, or set to read-only. Put the primary into DATABASE_URL.`;
}

function refusedLogin({ name }: PostgresPlace, told: string): string {
  return `The server refused the login (${told}). Check user and password in DATABASE_URL (${name}; the password is not shown).`;
}

function notInTime({ name, host, port }: PostgresPlace): string {
  return `${host}:${port} does not answer in time. Check host, port and firewall, or change DATABASE_URL (${name}).`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
