import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("projects on $name", ({ create }) => {
  test("R22: a project too many is refused with the reason, what was typed, and the way to the usage", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    const name = page.getByRole("textbox", { name: "Name of the new project" });
    const createProject = page.getByRole("button", { name: "Create project" });
    await name.fill("Fifth");
    await createProject.click();
    await expect(page.getByRole("listitem").filter({ hasText: "Fifth" })).toBeVisible();
    await expect(name).toHaveValue("");

    await name.fill("Sixth");
    await createProject.click();
    await expect(page.getByRole("alert").filter({ hasText: "Projects limit reached" })).toBeVisible();
    await expect(name).toHaveValue("Sixth");
    await expect(page.getByRole("progressbar", { name: "Projects" })).toHaveAttribute("aria-valuetext", /5 of 5/);
    await page.getByRole("link", { name: "See usage" }).click();
    await expect(page).toHaveURL(`${url}/acme/billing`);
  });
});
