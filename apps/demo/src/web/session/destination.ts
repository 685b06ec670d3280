/** Where to go after signing in: a path of this page's own, whatever the address says. */
export function destinationIn(search: URLSearchParams, origin: string): string | null {
  const to = search.get("to");
  if (to === null) return null;
  const url = new URL(to, origin);
  return url.origin === origin && to.startsWith("/") ? `${url.pathname}${url.search}${url.hash}` : null;
}

export function signInPath(to: string): string {
  return `/sign-in?to=${encodeURIComponent(to)}`;
}
