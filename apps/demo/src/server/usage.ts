import { createEntitlementsHandler } from "@x/entitlements-core/http";
import type { Connection } from "./database/tables.ts";
import type { DemoEntitlements } from "./entitlements.ts";
import type { Log } from "./log.ts";
import { findOrganisation } from "./organisations.ts";
import { problem } from "./problems.ts";

/** Answers `GET /api/orgs/:org/entitlements`. */
export function usageHandler(
  connection: Connection,
  entitlements: DemoEntitlements,
  log: Log,
): (request: Request) => Promise<Response> {
  return createEntitlementsHandler({
    entitlements,
    // There is no sign-in yet, so everybody may see every organisation. With one, the session decides here, not the URL.
    async authorize(request) {
      const { pathname } = new URL(request.url);
      const organisation = await findOrganisation(connection, pathname.split("/")[3] ?? "");
      return organisation === null
        ? problem(404, "There is no such organisation.", pathname)
        : { orgId: organisation.id };
    },
    onError(error) {
      log("error", "usage.failed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    },
  });
}
