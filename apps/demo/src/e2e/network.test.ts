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

  test("so do the sign-in, an invitation and the operator's page", async () => {
    const { url } = await builtDemo(create);
    for (const [person, path, api, title] of [
      [null, "/sign-in", "**/api/people", "The people could not be loaded"],
      [null, "/invitations/some", "**/api/invitations/*", "The invitation could not be loaded"],
      ["olivia", "/", "**/api/me", "Your session could not be checked"],
      ["otto", "/operator", "**/api/operator/organisations", "The organisations could not be loaded"],
      ["otto", "/operator", "**/api/operator/over-limit", "They could not be loaded"],
    ] as const) {
      const page = await visitor(url, person, { mayComplain: /Failed to load resource/ });
      await page.route(api, (route) => route.abort());
      await page.goto(path);
      const failure = page.getByRole("alert").filter({ hasText: title });
      await expect(failure).toContainText("The server does not answer.");
      await page.unroute(api);
      await failure.getByRole("button", { name: "Try again" }).click();
      await expect(failure).toHaveCount(0);
    }
  });

  test("a race whose answer is lost says so, and the next one runs", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia", { mayComplain: /Failed to load resource/ });
    await page.goto("/acme/race-lab");
    await page.route("**/race-lab", (route) => route.abort());
    await page.getByRole("button", { name: "Run the race" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The server does not answer." })).toBeVisible();
    await page.unroute("**/race-lab");
    await page.getByRole("button", { name: "Run the race" }).click();
    await expect(page.getByRole("region", { name: "With protection", exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("The server does not answer.")).toHaveCount(0);
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

  test("what is typed while the server still takes its time is kept for the next project", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/globex/projects");
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/projects/*", async (route) => {
      await answered;
      await route.continue();
    });
    const name = page.getByRole("textbox", { name: "Name of the new project" });
    await name.fill("First");
    await page.keyboard.press("Enter");
    await name.fill("Second");
    answer();
    await expect(page.getByText("First is created.")).toBeVisible();
    await expect(name).toHaveValue("Second");
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
