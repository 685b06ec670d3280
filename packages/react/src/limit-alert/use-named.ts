import { useContext } from "react";
import type { Denial } from "../data/denial.ts";
import { rowOf } from "../data/row.ts";
import { EntitlementsContext } from "../provider/context.ts";

/** A refusal with the name of its resource: the host's, else its own, else the provider's, if there is one that knows it. */
export function useNamed(denial: Denial | null, label?: string): Denial | null {
  const context = useContext(EntitlementsContext);
  const known = denial && context ? rowOf(context.state, denial.resourceType).label : null;
  return denial && { ...denial, label: label ?? denial.label ?? known };
}
