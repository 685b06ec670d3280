import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { signUp } from "./testing/sign-up.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("a new organisation on $name", ({ create }) => {
  test("R24: somebody new founds one, nothing is limited in it, and what is empty says so", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, null);
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Sign up" }).click();
    await signUp(page, "Nora New", "nora@example.com");
    await expect(page.getByRole("heading", { name: "Your first organisation" })).toBeVisible();
    await page.getByRole("textbox", { name: "Name" }).fill('"Quotes" & <b>Söhne</b> 🚀 שלום');
    await page.getByRole("button", { name: "Create organisation" }).click();
    await expect(page.getByText("No projects yet")).toBeVisible();
    await expect(page.getByText("Unlimited")).toBeVisible();
    const switcher = page.getByRole("button", { name: /Organisation:/ });
    await expect(switcher).toHaveText(/"Quotes" & <b>Söhne<\/b> 🚀 שלום/);

    const main = page.getByRole("navigation", { name: "Main" });
    await expect(main.getByRole("link", { name: /Billing/ })).toHaveCount(0);
    await main.getByRole("link", { name: "API keys" }).click();
    await expect(page.getByText("No API keys yet")).toBeVisible();
    await main.getByRole("link", { name: "Members" }).click();
    await expect(page.getByRole("row").filter({ hasText: "nora@example.com" })).toContainText("owner");
    await expect(page.getByText(/No open invitations/)).toBeVisible();
    await page.goto(page.url().replace("/members", "/billing"));
    await expect(page.getByText("No limits configured")).toBeVisible();
  });
});
