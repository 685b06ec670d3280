import { existsSync } from "node:fs";

/** For networks that lead nowhere: without these Chromium goes on asking for what it cannot get. */
export const chromiumArgs = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * The browser of `CHROMIUM_PATH`, else the machine's, else on Linux one that comes from the npm registry; undefined: the one that
 * Playwright has installed.
 */
export async function chromiumPath() {
  const found = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium"].find((path) => path && existsSync(path));
  if (found !== undefined || process.platform !== "linux" || process.arch !== "x64") return found;
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}
