import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("signing in on $name", ({ create }) => {
  test("R26: whoever is not signed in sees nothing of an organisation, and comes back after signing in", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, null);
    const bodies: string[] = [];
    page.on("response", async (response) => {
      if (response.url().includes("/api/orgs/")) bodies.push(await response.text());
    });
    await page.goto("/acme/billing");
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    expect(bodies.join()).not.toContain("seat:");
    await page.getByRole("button", { name: /Olivia Owner/ }).click();
    await expect(page).toHaveURL(`${url}/acme/billing`);
    await expect(page.getByRole("progressbar", { name: "Admin seats" })).toBeVisible();
  });

  test("each of the people that the demo begins with is one click away", async () => {
    const { url } = await builtDemo(create);
    for (const [name, path] of [
      ["Olivia Owner", "/acme/projects"],
      ["Adam Admin", "/acme/projects"],
      ["Mia Member", "/acme/projects"],
      ["Otto Operator", "/operator"],
    ] as const) {
      const page = await visitor(url, null);
      await page.goto("/");
      await page.getByRole("button", { name: new RegExp(name) }).click();
      await expect(page).toHaveURL(`${url}${path}`);
      await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
    }
  });

  test("a wrong password is refused in words, and signing out leaves nothing behind", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, null);
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill("olivia@example.com");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Invalid" })).toBeVisible();

    await page.getByLabel("Password").fill("entitlements");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await expect(page.getByText("Website")).toHaveCount(0);
  });

  test("a session that ends while somebody works leads to the sign-in and back", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/projects");
    await expect(page.getByText("Website")).toBeVisible();
    await page.context().clearCookies();
    await page.getByRole("link", { name: "Members" }).click();
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await page.getByRole("button", { name: /Olivia Owner/ }).click();
    await expect(page).toHaveURL(`${url}/acme/members`);
  });
});
