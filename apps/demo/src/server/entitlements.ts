import { organizationSeats } from "@x/entitlements-better-auth";
import { type Adapter, counter, createEntitlements, feature, rows } from "@x/entitlements-core";
import { seats } from "../seats.ts";
import type { Connection } from "./database/tables.ts";
import type { Log } from "./log.ts";

/** What can be limited here. */
const resources = {
  ...organizationSeats(seats),
  "quota:project": rows({ label: "Projects", table: "project", orgColumn: "org_id", where: "archived_at is null" }),
  "quota:api_key": counter({ label: "API keys" }),
  "feature:sso": feature({ label: "Single sign-on" }),
};

export type DemoEntitlements = ReturnType<typeof createDemoEntitlements>;

/** The entitlements of the demo; each refusal and each limit that somebody changes becomes one line of the log. */
export function createDemoEntitlements(adapter: Adapter<Connection>, log: Log) {
  return createEntitlements({
    adapter,
    resources,
    onEvent(event) {
      if (event.type === "enforce.denied") {
        const { orgId, resourceType, current, limit, requested } = event;
        log("info", event.type, { orgId, resourceType, current, limit, requested });
      }
      // What nobody did, the seed did. Who did it is stored with the limit; here it would be somebody's address.
      if (event.type === "limit.changed" && event.actor !== null) {
        const { orgId, resourceType, before, after } = event;
        log("info", event.type, { orgId, resourceType, before, after });
      }
    },
  });
}
