import { useSyncExternalStore } from "react";

const MINUTE = 60_000;

/** The time to the minute; null on the server and while hydrating, so that both render the same. */
export function useNow(): Date | null {
  const minute = useSyncExternalStore<number | null>(everyMinute, currentMinute, unknownMinute);
  return minute === null ? null : new Date(minute);
}

function everyMinute(notify: () => void): () => void {
  const timer = setInterval(notify, MINUTE);
  return () => clearInterval(timer);
}

const currentMinute = () => Math.floor(Date.now() / MINUTE) * MINUTE;
const unknownMinute = () => null;
