import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

async function change(page: Page, what: string, limit: number | null, reason: string): Promise<void> {
  await page.getByRole("button", { name: `Change ${what}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: limit === null ? "Not limited" : "Limited", exact: true }).check();
  if (limit !== null) await dialog.getByRole("spinbutton", { name: "Limit" }).fill(String(limit));
  await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
  await dialog.getByRole("button", { name: limit === null ? "Lift limit" : "Set limit" }).click();
  await expect(dialog).toHaveCount(0);
}

describe.each(databases)("the operator on $name", ({ create }) => {
  test("a limit is lowered below what is used: nothing is lost, it is listed, and growth is refused", async () => {
    const { url } = await builtDemo(create);
    const [otto, olivia] = [await visitor(url, "otto"), await visitor(url, "olivia")];
    await otto.goto("/operator");
    await expect(otto.getByText("Nobody uses more than they may.")).toBeVisible();
    await change(otto, "Projects of Acme", 2, "Downgraded");
    const over = otto.getByRole("region", { name: "Over their limit" });
    await expect(over.getByText("Acme")).toBeVisible();
    await expect(over.getByRole("progressbar", { name: "Projects" })).toHaveAttribute(
      "aria-valuetext",
      /4 of 2 projects, 2 over the limit/,
    );
    await expect(otto.getByRole("region", { name: "Acme" }).getByText(/“Downgraded”.*otto@example.com/)).toBeVisible();

    await olivia.goto("/acme/projects");
    await expect(olivia.getByText("Website")).toBeVisible();
    await olivia.getByRole("textbox", { name: "Name of the new project" }).fill("One more");
    await olivia.getByRole("button", { name: "Create project" }).click();
    await expect(olivia.getByRole("alert").filter({ hasText: "Projects limit reached" })).toBeVisible();
    await olivia.getByRole("button", { name: "Archive Website" }).click();
    await expect(olivia.getByRole("button", { name: "Restore Website" })).toBeVisible();
  });

  test("a limit is set where there was none, raised, and lifted", async () => {
    const { url } = await builtDemo(create);
    const [otto, olivia] = [await visitor(url, "otto"), await visitor(url, "olivia")];
    await otto.goto("/operator");
    await change(otto, "Projects of Initech", 2, "Trial");
    await olivia.goto("/initech/projects");
    const name = olivia.getByRole("textbox", { name: "Name of the new project" });
    const createProject = olivia.getByRole("button", { name: "Create project" });
    await name.fill("Third");
    await createProject.click();
    await expect(olivia.getByRole("alert").filter({ hasText: "Projects limit reached" })).toBeVisible();
    await change(otto, "Projects of Initech", null, "Paid");
    await createProject.click();
    await expect(olivia.getByRole("listitem").filter({ hasText: "Third" })).toBeVisible();
    await expect(otto.getByRole("region", { name: "Initech" }).getByText(/“Paid”.*otto@example.com/)).toBeVisible();
  });

  test("a feature is put in, without a number", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "otto");
    await page.goto("/operator");
    const acme = page.getByRole("region", { name: "Acme" });
    await expect(acme.getByText("Not included")).toBeVisible();
    await page.getByRole("button", { name: "Change Single sign-on of Acme" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio", { name: "Not included" })).toBeChecked();
    await expect(dialog.getByRole("spinbutton")).toHaveCount(0);
    await dialog.getByRole("radio", { name: "Included", exact: true }).check();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Paid");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(acme.getByText("Included", { exact: true })).toBeVisible();
    await expect(page.getByText("Single sign-on of Acme: included.")).toBeVisible();
  });

  test("for everybody else there is no such page", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/operator");
    await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Operator" })).toHaveCount(0);
    expect((await page.request.get("/api/operator/organisations")).status()).toBe(404);
  });
});
