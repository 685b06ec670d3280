import { entitlementHooks } from "@x/entitlements-better-auth";
import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { organization } from "better-auth/plugins/organization";
import { seats } from "../seats.ts";
import type { Connection, DatabaseType } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { Log } from "./log.ts";
import { CLIENT_ADDRESS_HEADER, signInLimit } from "./sign-in-limit.ts";
import { singleLine } from "./single-line.ts";

export interface AuthOptions {
  readonly connection: Connection;
  readonly type: DatabaseType;
  readonly entitlements: DemoEntitlements;
  /** Signs cookies. */
  readonly secret: string;
  /** How often one address may try to sign in or up in a minute. */
  readonly signInAttempts: number;
  /** Whether the connection is in a transaction already. */
  readonly joins?: boolean;
  readonly log: Log;
}

export type DemoAuth = ReturnType<typeof createAuth>;

export const AUTH_PATH = "/api/auth";

/** Users, sessions, organisations, members and invitations: better-auth, with a seat taken at every door. */
export function createAuth({
  connection,
  type,
  entitlements,
  secret,
  signInAttempts,
  joins = false,
  log,
}: AuthOptions) {
  return betterAuth({
    appName: "Entitlements demo",
    basePath: AUTH_PATH,
    secret,
    database: { db: connection, type, transaction: !joins },
    emailAndPassword: { enabled: true },
    databaseHooks: { user: { create: { before: async (user) => ({ data: { name: readName(user.name) } }) } } },
    plugins: [
      organization({
        ...entitlementHooks(entitlements, {
          seats,
          hooks: {
            beforeCreateOrganization: async ({ organization }) => ({ data: { name: readName(organization.name) } }),
          },
          onError: (error) => log("error", "seat.not_given_back", { error: String(error) }),
        }),
        // Nothing is sent here: the page shows each person the invitations they have.
        requireEmailVerificationOnInvitation: false,
        invitationExpiresIn: 7 * 24 * 60 * 60,
      }),
    ],
    rateLimit: signInLimit(signInAttempts),
    // Whatever name or port it is reached at, only its own pages may act.
    trustedOrigins: (request) => (request === undefined ? [] : [new URL(request.url).origin]),
    // It listens on plain HTTP. In tests the origin is checked as well, which better-auth would leave out there.
    advanced: {
      useSecureCookies: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level, message, ...details) => log("error", "auth.failed", { message, details: details.map(String) }),
    },
  });
}

const NAME_LENGTH = 100;

/** A name that fits into a list; better-auth itself takes any text. Throws a 400. */
function readName(name: unknown): string {
  const read = singleLine(NAME_LENGTH).safeParse(name);
  if (read.success) return read.data;
  throw new APIError("BAD_REQUEST", { message: `The name must be a single line of 1 to ${NAME_LENGTH} characters.` });
}
