import { useMemo, useState } from "react";
import useSWR from "swr";
import { type EntitlementsState, toState } from "../data/state.ts";
import { fetchUsage, isWorthRepeating, type ReadUsage, readUsage, type UsageFetcher } from "../data/usage-request.ts";
import type { SourceProperties } from "./settings.ts";

/** An answer with the user it was given to, so that it says itself whose it is. */
interface Cached extends ReadUsage {
  readonly userId: string | null;
}

const NAMESPACE = "@x/entitlements";

type Key = readonly [namespace: string, endpoint: string | null, orgId: string, userId: string | null];

/** Fetches and caches one organisation's usage. Whatever the host's SWR is set to, another's is never returned. */
export function useUsage(source: SourceProperties): {
  readonly state: EntitlementsState;
  readonly refresh: () => Promise<void>;
} {
  const { orgId, userId = null, endpoint = null, fetcher = fetchUsage, initialData } = source;
  // Also while a host without types has `undefined` or "" until its session is there.
  const key: Key | null = orgId ? [NAMESPACE, endpoint, orgId, userId] : null;
  // It does not say whose view it is: that of the user it came with, also where a host still passes it to the next one.
  const [given, setGiven] = useState({ initialData, endpoint, userId });
  if (given.initialData !== initialData) setGiven({ initialData, endpoint, userId });
  const isTheirs = given.endpoint === endpoint && given.userId === userId;
  const initial = useMemo(
    () => (orgId && isTheirs ? acceptInitial(initialData, orgId, userId) : null),
    [isTheirs, initialData, orgId, userId],
  );
  const { data, error, mutate } = useSWR<Cached, unknown, Key | null>(key, (key: Key) => load(key, fetcher), {
    // Set here, because a host's global `true` would paint the previous organisation.
    keepPreviousData: false,
    suspense: false,
    shouldRetryOnError: isWorthRepeating,
    ...(initial === null ? {} : { fallbackData: initial }),
  });
  const state = useMemo(
    // A middleware of the host (`use`) can hand out an earlier key's data.
    () => toState(data && data.orgId === orgId && data.userId === userId ? data : undefined, error),
    [data, error, orgId, userId],
  );
  const refresh = useMemo(() => {
    let latest: Promise<unknown> | undefined;
    return async () => {
      latest = mutate().catch(() => undefined);
      let seen: typeof latest;
      // SWR drops what a later request has overtaken: the numbers come with the latest.
      do {
        seen = latest;
        await seen;
      } while (seen !== latest);
    };
  }, [mutate]);
  return { state, refresh };
}

async function load([, endpoint, orgId, userId]: Key, fetcher: UsageFetcher): Promise<Cached> {
  return { ...readUsage(await fetcher({ endpoint, orgId, userId }), orgId), userId };
}

function acceptInitial(data: SourceProperties["initialData"], orgId: string, userId: string | null): Cached | null {
  try {
    return { ...readUsage(data, orgId), userId };
  } catch {
    return null;
  }
}
