import { expect } from "playwright/test";
import { test } from "vitest";
import { sqlite } from "../server/testing/databases.ts";
import { invite } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { signUp } from "./testing/sign-up.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

test("after an account is made on the page of an invitation, the focus is on its heading", async () => {
  const { url } = await builtDemo(sqlite.create);
  const olivia = await visitor(url, "olivia");
  await olivia.goto("/acme/members");
  const nora = await visitor(url, null);
  await nora.goto(await invite(olivia, "acme", "nora@example.com"));
  await signUp(nora, "Nora New", "nora@example.com");
  await expect(nora.getByRole("button", { name: "Accept" })).toBeVisible();
  await expect(nora.getByRole("heading", { name: "You are invited" })).toBeFocused();
});

test("after a project is renamed, or after all not, the focus is where it was", async () => {
  const { url } = await builtDemo(sqlite.create);
  const page = await visitor(url, "olivia");
  await page.goto("/acme/projects");
  const rename = (name: string) => page.getByRole("button", { name: `Rename ${name}` });
  await rename("Website").click();
  await expect(page.getByRole("textbox", { name: "New name of Website" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(rename("Website")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.type("Web");
  await page.keyboard.press("Enter");
  await expect(rename("Web")).toBeFocused();
});

test("after somebody is removed or not, the focus is on what is still there", async () => {
  const { url } = await builtDemo(sqlite.create);
  const page = await visitor(url, "olivia");
  await page.goto("/acme/members");
  const remove = page.getByRole("button", { name: "Remove Mia Member" });
  const dialog = page.getByRole("dialog", { name: "Remove Mia Member?" });
  await remove.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(remove).toBeFocused();
  await remove.click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeFocused();
});
