// Runs before anything is painted, so that nobody who has chosen the dark theme sees a flash of the light one.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to this page: the theme of the system it is.
}
