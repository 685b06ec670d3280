import { type Limit, type Status, statusOf } from "@x/entitlements-core/wire";

/** What is shown for one resource: core's status, or that there is none to show. */
export type DisplayStatus = "loading" | "error" | "unconfigured" | Status;

export interface DisplayStatusInput {
  /** How far the data is: `ready` unless told otherwise. */
  readonly state?: "loading" | "error" | "ready" | undefined;
  /** null is unlimited, 0 is blocked, absent is unconfigured. */
  readonly limit?: Limit | undefined;
  readonly current?: number | undefined;
  /** The server's verdict, which wins over one computed here. */
  readonly status?: Status | undefined;
  /** From this share of the limit on it is `near`: 0.8 unless told otherwise. */
  readonly nearAt?: number | undefined;
}

/** The one function that decides what every component shows. Numbers that are none come out as `error`. */
export function displayStatus({ state = "ready", limit, current, status, nearAt }: DisplayStatusInput): DisplayStatus {
  if (state !== "ready") return state;
  if (limit === undefined) return "unconfigured";
  if (!isCount(current) || (limit !== null && !isCount(limit))) return "error";
  if (limit === null) return "unlimited";
  return status === undefined || status === "unlimited" ? statusOf(limit, current, nearAt) : status;
}

const MEASURED: readonly DisplayStatus[] = ["ok", "near", "at", "over"];

/** Whether there is something to draw on a track: a number of units against a number of units. */
export function isMeasured(status: DisplayStatus): status is "ok" | "near" | "at" | "over" {
  return MEASURED.includes(status);
}

function isCount(value: number | undefined): value is number {
  return (value ?? -1) >= 0 && Number.isFinite(value);
}
