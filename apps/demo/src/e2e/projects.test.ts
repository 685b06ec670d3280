import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { send } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

const nameOf = (page: Page) => page.getByRole("textbox", { name: "Name of the new project" });
const listed = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

async function create(page: Page, name: string): Promise<void> {
  await nameOf(page).fill(name);
  await page.getByRole("button", { name: "Create project" }).click();
}

describe.each(databases)("projects on $name", ({ create: createDatabase }) => {
  test("R22: one project too many shows the refusal, what was typed and the way to the usage", async () => {
    const { url } = await builtDemo(createDatabase);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await create(page, "Fifth");
    await expect(listed(page, "Fifth")).toBeVisible();
    await expect(nameOf(page)).toHaveValue("");

    await create(page, "Sixth");
    await expect(page.getByRole("alert").filter({ hasText: "Projects limit reached" })).toBeVisible();
    await expect(nameOf(page)).toHaveValue("Sixth");
    await expect(page.getByRole("progressbar", { name: "Projects" })).toHaveAttribute("aria-valuetext", /^5 of 5/);
    await page.getByRole("link", { name: "See usage" }).click();
    await expect(page).toHaveURL(`${url}/acme/billing`);
    await expect(page.getByText("Need more? Ask Otto Operator")).toBeVisible();
  });

  test("R22: the refusal goes when an archived project has made room", async () => {
    const { url } = await builtDemo(createDatabase);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await create(page, "Fifth");
    await expect(listed(page, "Fifth")).toBeVisible();
    await create(page, "Sixth");
    const alert = page.getByText("Projects limit reached");
    await expect(alert).toBeVisible();
    await page.getByRole("button", { name: "Archive Fifth" }).click();
    await expect(page.getByRole("progressbar", { name: "Projects" })).toHaveAttribute("aria-valuetext", /^4 of 5/);
    await expect(alert).toHaveCount(0);
    await expect(nameOf(page)).toHaveValue("Sixth");
  });

  test("R22: pressing again and again makes one project", async () => {
    const { url, database } = await builtDemo(createDatabase);
    const page = await visitor(url, "olivia");
    await page.goto("/globex/projects");
    await expect(listed(page, "Reactor")).toBeVisible();
    const before = await database.countProjects("globex");
    await nameOf(page).fill("Once");
    const button = page.getByRole("button", { name: "Create project" });
    await button.evaluate((element: HTMLButtonElement) => {
      for (let press = 0; press < 5; press++) element.click();
    });
    await expect(listed(page, "Once")).toHaveCount(1);
    await expect(button).not.toHaveAttribute("aria-disabled", "true");
    expect(await database.countProjects("globex")).toBe(before + 1);
  });

  test("R7: the refusal is one problem document with the numbers, and a member reads whom to ask", async () => {
    const { url } = await builtDemo(createDatabase);
    const page = await visitor(url, "mia");
    await page.goto("/acme/projects");
    await create(page, "Fifth");
    await expect(listed(page, "Fifth")).toBeVisible();
    await nameOf(page).fill("Sixth");
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.status() === 402),
      page.getByRole("button", { name: "Create project" }).click(),
    ]);
    expect(await answer.json()).toMatchObject({
      code: "ENTITLEMENT_LIMIT_REACHED",
      resourceType: "quota:project",
      current: 5,
      limit: 5,
    });
    const alert = page.getByRole("alert").filter({ hasText: "Projects limit reached" });
    await expect(alert).toContainText("Ask Adam Admin or Olivia Owner.");
    await expect(alert.getByRole("link")).toHaveCount(0);
  });

  test("R13: at capacity a project can be renamed and archived, and another restored only when there is room", async () => {
    const { url } = await builtDemo(createDatabase);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await page.getByRole("button", { name: "Archive Website" }).click();
    await expect(page.getByRole("button", { name: "Restore Website" })).toBeVisible();
    await create(page, "Fourth");
    await expect(listed(page, "Fourth")).toBeVisible();
    await create(page, "Fifth");
    await expect(listed(page, "Fifth")).toBeVisible();

    await page.getByRole("button", { name: "Rename Fifth" }).click();
    await page.getByRole("textbox", { name: "New name of Fifth" }).fill("Renamed");
    await page.keyboard.press("Enter");
    await expect(listed(page, "Renamed")).toBeVisible();

    await page.getByRole("button", { name: "Restore Website" }).click();
    await expect(listed(page, "Website").getByText("Projects limit reached")).toBeVisible();
    await page.getByRole("button", { name: "Archive Renamed" }).click();
    await expect(page.getByRole("button", { name: "Restore Renamed" })).toBeVisible();
    await page.getByRole("button", { name: "Restore Website" }).click();
    await expect(page.getByRole("button", { name: "Archive Website" })).toBeVisible();
  });

  test("R4, R24: where nothing is configured nothing is limited", async () => {
    const { url } = await builtDemo(createDatabase);
    const page = await visitor(url, "olivia");
    await page.goto("/initech/projects");
    for (let number = 1; number <= 60; number++)
      await send(page, "POST", "/api/orgs/initech/projects", { name: `Report ${number}` });
    await create(page, "And one more");
    await expect(listed(page, "And one more")).toBeVisible();
    await expect(page.getByText("Unlimited")).toBeVisible();
  });
});
