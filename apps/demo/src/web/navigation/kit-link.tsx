import type { LinkProps } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Link } from "react-router";

/** How the kit makes its links: with the router. */
export function KitLink({ href, ...rest }: LinkProps): ReactElement {
  return <Link to={href} {...rest} />;
}
