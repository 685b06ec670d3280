import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

const DOORS = ["Create a project", "Invite somebody", "Accept an invitation", "Promote to admin", "Create an API key"];

describe.each(databases)("the race lab on $name", ({ create }) => {
  test.each(DOORS)("%s: unprotected it overshoots, protected exactly one gets the last one", async (door) => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/race-lab");
    await page.getByRole("radio", { name: door }).check();
    await page.getByRole("button", { name: "Run the race" }).click();
    const score = (title: string, name: string) =>
      page.getByRole("region", { name: title, exact: true }).locator("dl div", { hasText: name }).locator("dd");
    await expect(score("With protection", "granted")).toHaveText("1", { timeout: 30_000 });
    await expect(score("With protection", "refused")).toHaveText("19");
    await expect(score("With protection", "overshoot")).toHaveText("0");
    await expect(score("Without protection", "overshoot")).not.toHaveText("0");
    await page.getByRole("region", { name: "With protection", exact: true }).getByText("as a table").click();
    await expect(page.getByRole("table", { name: "With protection" }).getByRole("row")).toHaveCount(21);
  });
});
