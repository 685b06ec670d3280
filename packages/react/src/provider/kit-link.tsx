import { type ReactElement, useContext } from "react";
import { EntitlementsContext } from "./context.ts";
import type { LinkProps } from "./settings.ts";

/** A link made with the host's router where the provider was given its component. */
export function KitLink(props: LinkProps): ReactElement {
  const Link = useContext(EntitlementsContext)?.settings.linkComponent ?? "a";
  return <Link {...props} />;
}
