import { percent } from "@x/entitlements-core/wire";

/** The parts of a track, in percent of its length. */
export interface Segments {
  readonly taken: number;
  readonly reserved: number;
  /** Where the limit lies on a track that is filled beyond it; null where it is the track's end. */
  readonly limitAt: number | null;
}

/** Divides a track. `reserved` is a part of `current`, at most all of it; usage above the limit fills the track and moves the limit inside. */
export function segments(limit: number, current: number, reserved: number): Segments {
  const length = Math.max(limit, current);
  // Core's `percent` of nothing is 100: there is no room. A track that is as long as nothing is empty.
  const share = (units: number) => (length === 0 ? 0 : (percent(length, units) ?? 0));
  return {
    taken: share(current - reserved),
    reserved: share(reserved),
    limitAt: current > limit ? share(limit) : null,
  };
}
