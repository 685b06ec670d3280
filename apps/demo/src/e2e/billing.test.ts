import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { expectNoOverflow } from "./testing/accessibility.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

const entry = (page: Page) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Billing/ });
const bar = (page: Page, name: string) => page.getByRole("progressbar", { name });
const phone = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true };

describe.each(databases)("billing on $name", ({ create }) => {
  test("R16: the page shows every limit, and what is full in the colour of danger and in words", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/billing");
    await expect(page.getByText("Team plan")).toBeVisible();
    await expect(bar(page, "Admin seats")).toHaveAttribute("aria-valuetext", /^2 of 2 admin seats, limit reached/);
    await expect(bar(page, "Member seats")).toHaveAttribute("aria-valuetext", /^2 of 3/);
    await expect(bar(page, "Projects")).toHaveAttribute("aria-valuetext", /^4 of 5/);
    await expect(bar(page, "API keys")).toHaveAttribute("aria-valuetext", /^1 of 2/);
    await expect(page.getByText("Limit reached: Admin seats.")).toBeVisible();
    const colour = (name: string) =>
      bar(page, name)
        .locator('[data-slot="usage-bar-indicator"]')
        .evaluate((indicator) => getComputedStyle(indicator).backgroundColor);
    expect(await colour("Admin seats")).not.toBe(await colour("API keys"));
  });

  test("R16: while the usage is on its way there is a skeleton, and nothing moves when it arrives", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/entitlements", async (route) => {
      await answered;
      await route.continue();
    });
    await page.goto("/acme/billing");
    const usage = page.getByRole("region", { name: "Usage", exact: true });
    await expect(usage).toHaveAttribute("aria-busy", "true");
    await expect(page.getByText("No limits configured")).toHaveCount(0);
    const loading = await usage.boundingBox();
    answer();
    await expect(bar(page, "Projects")).toBeVisible();
    const ready = await usage.boundingBox();
    expect(ready?.y).toBe(loading?.y);
  });

  test("R16, R11: a member gets a clear page and no numbers", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "mia");
    const asked: string[] = [];
    page.on("response", async (response) => {
      if (response.url().endsWith("/entitlements")) asked.push(await response.text());
    });
    await page.goto("/acme/billing");
    await expect(page.getByText("This page is for owners and admins of Acme")).toBeVisible();
    await expect(page.getByText("Ask Adam Admin or Olivia Owner")).toBeVisible();
    await expect(entry(page)).toHaveCount(0);
    await expect(page.getByRole("progressbar")).toHaveCount(0);
    expect(asked.join()).not.toContain("current");
  });

  test("R17: where nothing is configured the page says so, and a failure never does", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /status of 503/ });
    await page.goto("/initech/billing");
    await expect(page.getByText("No limits configured")).toBeVisible();

    await page.route("**/entitlements", (route) => route.fulfill({ status: 503, body: "" }));
    await page.goto("/acme/billing");
    const retry = page.getByRole("button", { name: "Try again" });
    await expect(retry).toBeVisible();
    await expect(page.getByText("No limits configured")).toHaveCount(0);
    await expect(page.getByRole("progressbar")).toHaveCount(0);
    await page.unroute("**/entitlements");
    await retry.click();
    await expect(bar(page, "Projects")).toBeVisible();
  });

  test("R18: the entry is there with limits, goes at once with the organisation, and is not there after a failure", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /status of 503/ });
    await page.goto("/acme/projects");
    await expect(entry(page)).toBeVisible();
    // Every moment of the switch is looked at, not only its end.
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = () => {
        const place = location.pathname.split("/")[1];
        if (place === "initech" && document.querySelector('nav a[href$="/billing"]')) seen.push(document.title);
        requestAnimationFrame(look);
      };
      look();
    });
    await page.getByRole("button", { name: /Organisation: Acme/ }).click();
    await page.getByRole("link", { name: /Initech/ }).click();
    await expect(page.getByText("TPS reports")).toBeVisible();
    await expect(entry(page)).toHaveCount(0);
    expect(await page.evaluate(() => "seen" in window && window.seen)).toEqual([]);

    await page.route("**/entitlements", (route) => route.fulfill({ status: 503, body: "" }));
    await page.goto("/globex/projects");
    await expect(page.getByText("Reactor")).toBeVisible();
    await expect(entry(page)).toHaveCount(0);
  });

  test("R18: an address that was tampered with shows neither the entry nor a number", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    for (const path of [
      "/ACME/billing",
      "/acme%2Fbilling",
      "/..%2facme/billing",
      "/acme%00/billing",
      "/nobody/billing",
    ]) {
      await page.goto("/acme/projects");
      await expect(entry(page)).toBeVisible();
      await page.goto(path);
      await expect(page.getByRole("heading", { name: "No such organisation" })).toBeVisible();
      await expect(entry(page)).toHaveCount(0);
      await expect(page.getByRole("progressbar")).toHaveCount(0);
    }
  });

  test("R25: on a phone the billing page is no wider than the screen, and the menu leads to it", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", phone);
    await page.goto("/acme/projects");
    await page.getByRole("button", { name: "Menu" }).click();
    await entry(page).click();
    await expect(bar(page, "Member seats")).toBeVisible();
    await expectNoOverflow(page);
  });

  test("R25: on a phone the form for invitations shows that it cannot send yet, and that it is sending", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", phone);
    await page.goto("/acme/members");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const button = page.getByRole("dialog").getByRole("button", { name: "Send invitation" });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(button).toHaveAccessibleDescription("Enter at least one e-mail address.");
    await expectNoOverflow(page);

    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/invite-member", async (route) => {
      await answered;
      await route.continue();
    });
    await page.getByRole("textbox", { name: "E-mail addresses" }).fill("nora@example.com");
    await button.click();
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("dialog").getByRole("status")).toHaveText(/Sending/);
    answer();
    await expect(page.getByText("1 invitation sent.")).toBeVisible();
  });
});
