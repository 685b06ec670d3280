import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("a bad network on $name", ({ create }) => {
  test("what could not be loaded says so and can be tried again, on every page", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /Failed to load resource/ });
    await page.goto("/acme/projects");
    await expect(page.getByText("Website")).toBeVisible();
    for (const [path, there] of [
      ["projects", "Website"],
      ["members", "mia@example.com"],
      ["api-keys", "demo_"],
      ["billing", "Admin seats"],
    ] as const) {
      await page.route(`**/api/orgs/acme/**`, (route) => route.abort());
      await page.goto(`/acme/${path}`);
      await expect(page.getByRole("button", { name: "Try again" }).first()).toBeVisible();
      await expect(page.getByText(there)).toHaveCount(0);
      await page.unroute(`**/api/orgs/acme/**`);
      // Some of it has been tried again by itself meanwhile.
      const retry = page.getByRole("button", { name: "Try again" }).first();
      await expect(async () => {
        if (await retry.isVisible()) await retry.click({ timeout: 1_000 });
        await expect(retry).toHaveCount(0, { timeout: 1_000 });
      }).toPass();
      await expect(page.getByText(there).first()).toBeVisible();
    }
  });

  test("an answer that is lost on the way leads to one project, not two", async () => {
    const { url, database } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /Failed to load resource/ });
    await page.goto("/globex/projects");
    await expect(page.getByText("Reactor")).toBeVisible();
    await page.getByRole("textbox", { name: "Name of the new project" }).fill("Lost and found");
    await page.route("**/projects/*", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "does not answer" })).toBeVisible();
    await page.unroute("**/projects/*");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByText("Lost and found is created.")).toBeVisible();
    expect(await database.countProjects("globex")).toBe(4);
  });

  test("while the server takes its time the page shows what is to come", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.route("**/api/orgs/acme/**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue();
    });
    await page.goto("/acme/projects");
    await expect(page.getByText("Loading projects")).toBeAttached();
    await expect(page.getByText("No projects yet")).toHaveCount(0);
    await expect(page.getByText("Website")).toBeVisible();
  });
});
