import { useEntitlement } from "@x/entitlements-react";
import { useEffect } from "react";

/** Calls `forget` once something that was full has room again: a refusal that still stood would contradict the numbers. */
export function useRoomAgain(resourceType: string, forget: () => void): void {
  const isFull = useEntitlement(resourceType).remaining === 0;
  useEffect(() => {
    if (!isFull) forget();
  }, [isFull, forget]);
}
