// The pictures of the README, taken from the built demo: `pnpm pictures`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { chromiumArgs, chromiumPath } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = join(root, "apps/demo/pictures");
mkdirSync(pictures, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), "entitlements-pictures-"));

const demo = spawn(process.execPath, [join(root, "apps/demo/dist/main.js")], {
  env: { ...process.env, DATABASE_URL: "", DATABASE_FILE: join(scratch, "demo.db"), PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(demo.stdout, "data");
const [url] = String(line).match(/http:\S+/) ?? [];
if (url === undefined) throw new Error(`The demo did not start: ${line}`);

const executablePath = await chromiumPath();
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...chromiumArgs] });

/**
 * Each picture: where, and what to do there first.
 *
 * @type {Record<string, { path: string, height?: number, until: (page: import("playwright").Page) => Promise<void> }>}
 */
const scenes = {
  invite: {
    path: "/acme/members",
    async until(page) {
      await page.getByRole("button", { name: "Invite", exact: true }).click();
      await page
        .getByRole("textbox", { name: "E-mail addresses" })
        .fill("ann@example.com, bob@example.com, mia@example.com, ");
      await page.getByText("1 of 2 fit in Member seats").waitFor();
    },
  },
  billing: { path: "/acme/billing", until: (page) => page.getByRole("progressbar", { name: "Projects" }).waitFor() },
  race: {
    path: "/acme/race-lab",
    height: 1290,
    async until(page) {
      await page.getByRole("button", { name: "Run the race" }).click();
      await page.getByRole("region", { name: "With protection", exact: true }).waitFor();
    },
  },
};

try {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const context = await browser.newContext({
      baseURL: url,
      colorScheme,
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    const data = { email: "olivia@example.com", password: "entitlements" };
    await context.request.post("/api/auth/sign-in/email", { headers: { Origin: url }, data });
    for (const [name, { path, until, height = 720 }] of Object.entries(scenes)) {
      const page = await context.newPage();
      await page.setViewportSize({ width: 1120, height });
      await page.goto(path);
      await until(page);
      await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  demo.kill();
  await once(demo, "exit");
  rmSync(scratch, { recursive: true });
}
console.log(`Pictures are in ${pictures}.`);
