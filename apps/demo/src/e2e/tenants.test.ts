import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

async function switchTo(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /Organisation:/ }).click();
  await page.getByRole("link", { name: new RegExp(name) }).click();
}

/** Keeps an eye on every frame: whatever of the first organisation is painted below the path of another. */
async function watch(page: Page, orgId: string, words: readonly string[]): Promise<() => Promise<unknown>> {
  await page.evaluate(
    ({ orgId, words }) => {
      const painted: string[] = [];
      Object.assign(window, { painted });
      const look = () => {
        const isElsewhere = location.pathname.split("/")[1] !== orgId;
        // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not painted
        const text = document.querySelector("main")?.innerText ?? "";
        if (isElsewhere) painted.push(...words.filter((word) => text.includes(word)));
        requestAnimationFrame(look);
      };
      look();
    },
    { orgId, words },
  );
  return () => page.evaluate(() => "painted" in window && window.painted);
}

describe.each(databases)("several organisations on $name", ({ create }) => {
  test("R26: an organisation of others, and a path that was tampered with, show nothing of theirs", async () => {
    const { url } = await builtDemo(create);
    const otto = await visitor(url, "otto");
    for (const path of ["/acme/billing", "/acme%2Fbilling", "/acme/members", "/ACME/projects", "/..%2facme/billing"]) {
      await otto.goto(path);
      await expect(otto.getByRole("heading", { name: /No such organisation|Page not found/ })).toBeVisible();
      await expect(otto.getByRole("progressbar")).toHaveCount(0);
      await expect(otto.getByText("Website")).toHaveCount(0);
    }
    await otto.getByRole("link", { name: "Go to the start" }).click();
    await expect(otto).toHaveURL(`${url}/operator`);
    for (const path of ["entitlements", "projects", "members", "invitations", "api-keys"]) {
      const answer = await otto.request.get(`/api/orgs/acme/${path}`);
      expect(answer.status()).toBe(404);
      expect(await answer.text()).not.toMatch(/Acme|seat|\d+ of \d+/);
    }
  });

  test("R14: after a switch nothing of the first organisation is painted, however late its answers come", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await expect(page.getByText("Website")).toBeVisible();
    const painted = await watch(page, "acme", ["Website", "Mobile app", "4 of 5", "2 of 2", "mia@example.com as"]);
    // What is asked for Acme from now on is answered long after the switch.
    await page.route("**/api/orgs/acme/**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue().catch(() => {});
    });
    await page.getByRole("link", { name: "Members" }).click();
    await switchTo(page, "Globex");
    await expect(page.getByRole("progressbar", { name: "Admin seats" })).toHaveAttribute("aria-valuetext", /^2 of 5/);
    await page.getByRole("link", { name: "Projects" }).click();
    await expect(page.getByText("Reactor")).toBeVisible();
    await page.waitForTimeout(1_000);
    await expect(page.getByText("Reactor")).toBeVisible();
    expect(await painted()).toEqual([]);
  });

  test("R14: a switch while the first organisation's answers fail shows the second's", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /status of 500/ });
    await page.route("**/api/orgs/acme/**", (route) => route.fulfill({ status: 500, body: "" }));
    await page.goto("/acme/billing");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await switchTo(page, "Globex");
    await expect(page.getByRole("progressbar", { name: "Projects" })).toHaveAttribute("aria-valuetext", /^3 of 50/);
    await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  });

  test("back, forward and reload stay with the organisation in the address", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await expect(page.getByText("Website")).toBeVisible();
    await switchTo(page, "Globex");
    await expect(page.getByText("Reactor")).toBeVisible();
    await page.goBack();
    await expect(page.getByText("Website")).toBeVisible();
    await expect(page.getByText("Reactor")).toHaveCount(0);
    await page.goForward();
    await expect(page.getByText("Reactor")).toBeVisible();
    await page.reload();
    await expect(page).toHaveURL(`${url}/globex/projects`);
    await expect(page.getByText("Reactor")).toBeVisible();
    await page.goto("/");
    await expect(page).toHaveURL(`${url}/globex/projects`);
  });

  test("what was typed for one organisation is not there in the next", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    const name = page.getByRole("textbox", { name: "Name of the new project" });
    await name.fill("Secret of Acme");
    await switchTo(page, "Globex");
    await expect(page.getByText("Reactor")).toBeVisible();
    await expect(name).toHaveValue("");
  });
});
