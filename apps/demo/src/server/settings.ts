import proxyAddress from "proxy-addr";
import type { Operators } from "./access.ts";
import type { TrustProxy } from "./client.ts";
import { emailOf } from "./people.ts";
import { StartError } from "./start-error.ts";

/** Where the demo listens and what it stores. */
export interface Settings {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly database: DatabaseSettings;
  readonly operators: Operators;
  /** How often one address may try to sign in or up in a minute. */
  readonly signInAttempts: number;
  readonly trustProxy: TrustProxy;
  /** Signs cookies; null: one is made and kept in the database. */
  readonly secret: string | null;
}

/** PostgreSQL, or an SQLite file. */
export type DatabaseSettings = { readonly url: string } | { readonly file: string };

const DEFAULT_PORT = 3000;
const DEFAULT_SIGN_IN_ATTEMPTS = 20;

// Its people have a password that everybody knows, so only this machine may reach the demo unless it is told otherwise.
const DEFAULT_HOST = "127.0.0.1";

/** Reads the environment; an empty variable counts as not given. Throws a `StartError`. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  defaultDatabaseFile: string,
): Settings {
  return {
    port: readPort(environment["PORT"]),
    host: environment["HOST"] || DEFAULT_HOST,
    operators: new Set(listed(environment["OPERATORS"] || emailOf("otto")).map((email) => email.toLowerCase())),
    signInAttempts: readAttempts(environment["SIGN_IN_ATTEMPTS"]),
    trustProxy: readProxies(environment["TRUST_PROXY"]),
    secret: readSecret(environment["AUTH_SECRET"]),
    database: readDatabase(environment["DATABASE_URL"], environment["DATABASE_FILE"], defaultDatabaseFile),
  };
}

function readDatabase(url: string | undefined, file: string | undefined, defaultFile: string): DatabaseSettings {
  if (!url) return { file: readFile(file) ?? defaultFile };
  // Whichever won, the data would be looked for in the other one.
  if (file) throw new StartError("DATABASE_URL and DATABASE_FILE are both set. Leave out the one that is not meant.");
  // Not shown: it may hold a password.
  if (/^postgres(ql)?:\/\//i.test(url)) return { url };
  throw new StartError(
    "DATABASE_URL must begin with postgres://, as in postgres://user:password@localhost:5432/demo. Without it the demo stores in an SQLite file.",
  );
}

// The driver would take a URL for a database on a server.
function readFile(text: string | undefined): string | null {
  if (!text) return null;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  throw new StartError(`DATABASE_FILE must be the path of a file, not a URL (${JSON.stringify(text)}).`);
}

// better-auth warns of a shorter one.
function readSecret(text: string | undefined): string | null {
  if (!text) return null;
  if (text.length >= 32) return text;
  throw new StartError("AUTH_SECRET must have at least 32 characters, such as those of: openssl rand -base64 32.");
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartError(`PORT must be a whole number from 0 to 65535, not ${JSON.stringify(text)}.`);
}

function readAttempts(text: string | undefined): number {
  if (!text) return DEFAULT_SIGN_IN_ATTEMPTS;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new StartError(`SIGN_IN_ATTEMPTS must be a whole number from 1 to 999999999, not ${JSON.stringify(text)}.`);
}

function readProxies(text: string | undefined): TrustProxy {
  try {
    return proxyAddress.compile(listed(text ?? ""));
  } catch {
    throw new StartError(
      `TRUST_PROXY must be the addresses of proxies with commas between them, such as 10.0.0.1,192.168.0.0/16 or loopback, not ${JSON.stringify(text)}.`,
    );
  }
}

function listed(text: string): string[] {
  return text.split(/[\s,]+/).filter((one) => one !== "");
}
