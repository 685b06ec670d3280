export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

// public/theme.js reads it before the page is painted.
const KEY = "theme";

/** The theme that was chosen, the system's unless one was. */
export function chosenTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed to this page: the choice lasts until it is left.
  }
}
