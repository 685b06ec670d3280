import { type Problem, parseProblem } from "@x/entitlements-core/wire";
import { property } from "./property.ts";

/** A refusal with HTTP 402, wherever it came from. `label` is null where only a problem document is known. */
export type Denial =
  | {
      readonly kind: "limit";
      readonly resourceType: string;
      readonly label: string | null;
      readonly current: number;
      readonly limit: number;
      /** The units that were asked for. */
      readonly requested: number;
      /** ISO-8601; null where the count never resets by itself. */
      readonly resetsAt: string | null;
    }
  | { readonly kind: "feature"; readonly resourceType: string; readonly label: string | null };

/**
 * Reads a refusal out of what a call threw or returned: an error of core's, a problem document, or an object that carries
 * one where HTTP clients put it (`problem`, `error`, `body`, `data`, `response.data`, `cause`). Null where it is none.
 */
export function toDenial(value: unknown): Denial | null {
  return fromValue(value, 3);
}

/** The same for a call that answers with `Response`; its body stays unread for the caller. */
export async function responseDenial(value: unknown): Promise<Denial | null> {
  const response = responseOf(value);
  if (response === null) return toDenial(value);
  // A body that was read already cannot be read again: its reader has to pass the problem on.
  if (response.status !== 402 || response.bodyUsed) return toDenial(value);
  return toDenial(await jsonOf(response).catch(() => null));
}

// A body that somebody is reading throws at once.
async function jsonOf(response: Response): Promise<unknown> {
  return response.clone().json();
}

function responseOf(value: unknown): Response | null {
  if (typeof Response === "undefined") return null;
  if (value instanceof Response) return value;
  const inner = property(value, "response");
  return inner instanceof Response ? inner : null;
}

function fromValue(value: unknown, depth: number): Denial | null {
  if (typeof value !== "object" || value === null) return null;
  if (isDenial(value)) return value;
  // Core's errors carry the same code and numbers, and a label besides.
  const problem = parseProblem({ ...REST, ...value });
  const denial = problem && fromProblem(problem, property(value, "label"));
  if (denial) return denial;
  if (depth === 0) return null;
  for (const name of ["problem", "error", "body", "data", "response", "cause"]) {
    const denial = fromValue(property(value, name), depth - 1);
    if (denial) return denial;
  }
  return null;
}

function isDenial(value: object): value is Denial {
  const { kind, resourceType, label, current, limit, requested }: Partial<Record<string, unknown>> = { ...value };
  if (typeof resourceType !== "string" || (label !== null && typeof label !== "string")) return false;
  // A row of the usage has a limit with its feature: having one returned is no refusal.
  if (kind === "feature") return limit === undefined;
  return kind === "limit" && [current, limit, requested].every((n) => typeof n === "number");
}

// An error has the numbers without the rest of the document.
const REST = { type: "", title: "", detail: "", status: 402, requested: 1, resetsAt: null };

function fromProblem(problem: Problem, name: unknown): Denial | null {
  const label = typeof name === "string" ? name : null;
  if (problem.code === "ENTITLEMENT_LIMIT_REACHED") {
    const { resourceType, current, limit, requested, resetsAt } = problem;
    return { kind: "limit", resourceType, label, current, limit, requested, resetsAt };
  }
  if (problem.code !== "ENTITLEMENT_FEATURE_DISABLED") return null;
  return { kind: "feature", resourceType: problem.resourceType, label };
}
