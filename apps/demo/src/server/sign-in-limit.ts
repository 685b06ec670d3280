import type { BetterAuthOptions } from "better-auth";

/** Carries the client's address to better-auth. What a client sends under this name is overwritten. */
export const CLIENT_ADDRESS_HEADER = "X-Demo-Client-Address";

const WINDOW_SECONDS = 60;

/**
 * How often somebody may try to sign in or up in a minute, counted by address in the database, so that all servers on it count
 * together.
 */
export function signInLimit(max: number): NonNullable<BetterAuthOptions["rateLimit"]> {
  const rule = { window: WINDOW_SECONDS, max };
  return {
    enabled: true,
    storage: "database",
    ...rule,
    // The first that matches holds; whoever has signed in is not counted.
    customRules: { "/sign-in/*": rule, "/sign-up/*": rule, "/**": false },
  };
}
