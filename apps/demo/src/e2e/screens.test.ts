import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { sqlite } from "../server/testing/databases.ts";
import { expectAccessible } from "./testing/accessibility.ts";
import { invite } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

/** Pictures of every screen, for whoever wants to look at what a build looks like. */
const pictures = fileURLToPath(new URL("../../../../.vitest/screens/", import.meta.url));
mkdirSync(pictures, { recursive: true });

const settled = async (page: Page) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
};

const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
};

const owned = ["projects", "members", "api-keys", "billing", "race-lab"].map((page) => `/acme/${page}`);

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test.each(["desktop", "phone"] as const)("every screen on a %s keeps axe's rules and fits", async (size) => {
    const { url } = await builtDemo(sqlite.create);
    const options = { colorScheme, ...sizes[size] };
    const lookAt = async (page: Page, name: string, fullPage = true) => {
      await page.screenshot({ path: `${pictures}${name}-${size}-${colorScheme}.png`, fullPage });
      await expectAccessible(page);
    };
    const look = async (page: Page, path: string) => {
      await page.goto(path);
      await settled(page);
      await lookAt(page, nameOf(path));
    };
    const olivia = await visitor(url, "olivia", options);
    for (const path of [...owned, "/initech/billing", "/new-organisation", "/acme/nothing"]) await look(olivia, path);
    await olivia.goto("/acme/members");
    await settled(olivia);
    const invitation = await invite(olivia, "globex", "nora@example.com");
    await olivia.getByRole("button", { name: "Invite", exact: true }).click();
    await olivia.getByRole("textbox", { name: "E-mail addresses" }).fill("no, nora@example.com, theo@example.com");
    await expect(olivia.getByText("Not an e-mail address")).toBeVisible();
    await lookAt(olivia, "invite-dialog", false);

    await olivia.goto("/acme/race-lab");
    await olivia.getByRole("button", { name: "Run the race" }).click();
    await expect(olivia.getByRole("region", { name: "With protection", exact: true })).toBeVisible({ timeout: 30_000 });
    await lookAt(olivia, "race");
    await olivia.getByText("as a table").first().click();
    await expectAccessible(olivia);
    await olivia.goto("/acme/api-keys");
    for (const name of ["Fits", "One too many"]) {
      await olivia.getByRole("textbox").fill(name);
      await olivia.getByRole("button", { name: "Create key" }).click();
      await expect(olivia.getByRole("button", { name: "Create key" })).not.toHaveAttribute("aria-disabled", "true");
    }
    await expect(olivia.getByText("API keys limit reached")).toBeVisible();
    await expect(olivia.getByText(/^demo_[0-9a-f]{24}$/)).toBeVisible();
    await lookAt(olivia, "refused");
    await olivia.getByRole("button", { name: "Revoke Fits" }).click();
    await lookAt(olivia, "confirmation", false);

    for (const path of ["/sign-in", invitation]) await look(await visitor(url, null, options), path);
    await look(await visitor(url, "mia", options), "/acme/billing");
    const otto = await visitor(url, "otto", options);
    await look(otto, "/operator");
    await otto.getByRole("button", { name: "Change Projects of Acme" }).click();
    await lookAt(otto, "limit-dialog", false);
  });
});

function nameOf(path: string): string {
  const [place = "", page = ""] = path.slice(1).split("/");
  return place === "invitations" ? place : [place, page].filter(Boolean).join("-");
}
