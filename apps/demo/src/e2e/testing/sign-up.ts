import type { Page } from "playwright";

/** Fills in the form for a new account, which must be on the page, and sends it. */
export async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("a password of mine");
  await page.getByRole("button", { name: "Create account" }).click();
}
