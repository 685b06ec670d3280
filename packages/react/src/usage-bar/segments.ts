import { percent } from "@x/entitlements-core/wire";

/** The parts of a track, in percent of its length. */
export interface Segments {
  readonly taken: number;
  readonly reserved: number;
  /** Where the limit lies on a track that is filled beyond it; null where it is the track's end. */
  readonly limitAt: number | null;
}

/** Divides a track. `reserved` is a part of `current`; usage above the limit fills the track and moves the limit inside. */
export function segments(limit: number, current: number, reserved: number): Segments {
  const length = Math.max(limit, current);
  if (length === 0) return { taken: 0, reserved: 0, limitAt: null };
  const held = Math.min(Math.max(reserved, 0), current);
  return {
    taken: percent(length, current - held) ?? 0,
    reserved: percent(length, held) ?? 0,
    limitAt: current > limit ? (percent(length, limit) ?? 0) : null,
  };
}
