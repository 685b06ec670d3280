/** Where to go after signing in: a path of this page's own, whatever the address says. */
export function destinationIn(search: URLSearchParams): string | null {
  const to = search.get("to");
  if (to === null) return null;
  const url = new URL(to, location.origin);
  return url.origin === location.origin && to.startsWith("/") ? `${url.pathname}${url.search}${url.hash}` : null;
}

export function signInPath(to: string): string {
  return `/sign-in?to=${encodeURIComponent(to)}`;
}
