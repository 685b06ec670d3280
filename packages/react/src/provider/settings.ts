import type { UsageResponse } from "@x/entitlements-core/wire";
import type { ComponentType, ReactNode } from "react";
import type { Denial } from "../data/denial.ts";
import type { UsageFetcher } from "../data/usage-request.ts";
import type { Messages } from "../i18n/messages.ts";

/** What a link of the kit is given. Pass your router's component, or a wrapper that maps `href`, as `linkComponent`. */
export interface LinkProps {
  readonly href: string;
  readonly className?: string | undefined;
  readonly children?: ReactNode;
  readonly onClick?: (() => void) | undefined;
  readonly "aria-current"?: "page" | undefined;
  readonly "aria-describedby"?: string | undefined;
  readonly "data-slot"?: string | undefined;
}

/** What happened, for the host's analytics. */
export type EntitlementsEvent =
  | { readonly type: "limit-reached"; readonly orgId: string; readonly denial: Denial }
  | { readonly type: "load-failed"; readonly orgId: string; readonly error: Error }
  | { readonly type: "usage-opened" | "upgrade-opened"; readonly orgId: string; readonly resourceType: string | null };

export interface EntitlementsSettings {
  /** BCP 47, `"en"` unless given. Give the one the server rendered with. */
  readonly locale?: string | undefined;
  /** Replaces single messages; English answers for the rest. */
  readonly messages?: Partial<Messages> | undefined;
  /** The page that shows the usage. */
  readonly usageUrl?: string | undefined;
  /** Where more can be bought. */
  readonly upgradeUrl?: string | undefined;
  readonly linkComponent?: ComponentType<LinkProps> | undefined;
  /** Whether this user may change the plan: they get the links, the others "Contact your admin". */
  readonly canManageBilling?: boolean | undefined;
  readonly onEvent?: ((event: EntitlementsEvent) => void) | undefined;
}

export interface SourceProperties {
  /** The organisation on screen; null while there is none. */
  readonly orgId: string | null;
  /** Whose view it is. Give it where what is answered depends on the user. */
  readonly userId?: string | undefined;
  /** The URL of the usage endpoint, e.g. `"/api/entitlements"`. Also the name of the data in the cache. */
  readonly endpoint?: string | undefined;
  /** Fetches instead of `fetch(endpoint)`. */
  readonly fetcher?: UsageFetcher | undefined;
  /** What the server rendered with. Ignored unless its `orgId` is this organisation. */
  readonly initialData?: UsageResponse | undefined;
}

/** Whose usage is loaded, and from where: an `endpoint`, a `fetcher` or both. */
export type EntitlementsSource = SourceProperties &
  ({ readonly endpoint: string } | { readonly fetcher: UsageFetcher });
