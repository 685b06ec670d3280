const KEY = "organisation";

/** The organisation that was on screen last in this browser. */
export function lastOrganisation(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberOrganisation(id: string): void {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Storage is closed to this page: the first organisation is the one to start with.
  }
}
