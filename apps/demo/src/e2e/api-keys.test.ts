import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("API keys on $name", ({ create }) => {
  test("a key is shown once, one too many is refused, and revoking one makes room", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "adam");
    await page.goto("/acme/api-keys");
    const name = page.getByRole("textbox", { name: "Name of the new key" });
    const createKey = page.getByRole("button", { name: "Create key" });
    const bar = page.getByRole("progressbar", { name: "API keys" });
    await name.fill("Deployments");
    await createKey.click();
    await expect(page.getByText(/^demo_[0-9a-f]+$/)).toBeVisible();
    await expect(bar).toHaveAttribute("aria-valuetext", /^2 of 2/);
    await page.reload();
    await expect(page.getByRole("row").filter({ hasText: "Deployments" })).toBeVisible();
    await expect(page.getByText(/^demo_[0-9a-f]{24}$/)).toHaveCount(0);

    await name.fill("One more");
    await createKey.click();
    await expect(page.getByRole("alert").filter({ hasText: "API keys limit reached" })).toBeVisible();
    await expect(name).toHaveValue("One more");

    await page.getByRole("button", { name: "Revoke Deployments" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await expect(bar).toHaveAttribute("aria-valuetext", /^1 of 2/);
    await createKey.click();
    await expect(page.getByRole("row").filter({ hasText: "One more" })).toBeVisible();
  });

  test("R11: a member is told whose page it is before any limit is spoken of", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "mia");
    await page.goto("/acme/api-keys");
    await expect(page.getByText("This page is for owners and admins of Acme")).toBeVisible();
    await expect(page.getByRole("button", { name: "Create key" })).toHaveCount(0);
  });
});
