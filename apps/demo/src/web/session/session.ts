import { useCallback, useEffect } from "react";
import useSWR, { useSWRConfig } from "swr";
import * as z from "zod/mini";
import { ApiError, isWorthRepeating, nothing, onAccessLost, request } from "../api/request.ts";

const plan = z.object({ name: z.string(), renewsAt: z.nullable(z.string()) });

const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  operator: z.boolean(),
  organisations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.string(),
      manages: z.boolean(),
      plan: z.optional(z.nullable(plan)),
    }),
  ),
});

/** Who is signed in, and where they belong. */
export type Me = z.infer<typeof me>;
export type Organisation = Me["organisations"][number];

export interface Session {
  /** null: nobody is signed in; undefined: not known yet. */
  readonly me: Me | null | undefined;
  readonly error: unknown;
  /** Asks again who is signed in and where they belong. */
  readonly refresh: () => Promise<unknown>;
}

export function useSession(): Session {
  const { data, error, mutate } = useSWR<Me | null, unknown>("/api/me", readMe, {
    shouldRetryOnError: isWorthRepeating,
  });
  const refresh = useCallback(() => mutate(), [mutate]);
  return { me: data, error: data === undefined ? error : undefined, refresh };
}

/** Keeps the session true to what the answers say of it. */
export function useLostAccess(): void {
  const { mutate } = useSWRConfig();
  useEffect(
    () =>
      onAccessLost((status) => {
        // 401: nobody is signed in. Otherwise the server knows where they still belong.
        void (status === 401 ? mutate("/api/me", null, { revalidate: false }) : mutate("/api/me"));
      }),
    [mutate],
  );
}

async function readMe(): Promise<Me | null> {
  // Asked first: for everybody who has yet to sign in, a 401 would stand in the console as an error.
  if ((await request("/api/auth/get-session", nothing)) === null) return null;
  try {
    return await request("/api/me", me);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function signIn(email: string, password: string): Promise<unknown> {
  return request("/api/auth/sign-in/email", nothing, { method: "POST", body: { email, password } });
}

export function signUp(name: string, email: string, password: string): Promise<unknown> {
  return request("/api/auth/sign-up/email", nothing, { method: "POST", body: { name, email, password } });
}

/** Ends the session and begins anew at `to`: nothing of this person's may stay on the page. */
export async function signOut(to = "/sign-in"): Promise<void> {
  await request("/api/auth/sign-out", nothing, { method: "POST", body: {} });
  location.assign(to);
}
