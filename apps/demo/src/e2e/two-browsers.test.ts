import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { invite, setLimit } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { signUp } from "./testing/sign-up.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

/** Which of the pages come to show the text, and which the other. */
async function outcomes(pages: readonly Page[], granted: string, refused: string): Promise<readonly string[]> {
  const outcome = (page: Page) =>
    Promise.any([
      page
        .getByText(granted)
        .first()
        .waitFor()
        .then(() => "granted"),
      page
        .getByText(refused)
        .first()
        .waitFor()
        .then(() => "refused"),
    ]);
  return (await Promise.all(pages.map(outcome))).toSorted();
}

describe.each(databases)("two browsers on $name", ({ create }) => {
  test("two people create the last project at once: one gets it, the other the refusal", async () => {
    const { url, database } = await builtDemo(create);
    const pages = [await visitor(url, "olivia"), await visitor(url, "adam")];
    for (const page of pages) {
      await page.goto("/acme/projects");
      await page.getByRole("textbox", { name: "Name of the new project" }).fill("The last one");
    }
    const letGo = await database.holdWriters();
    for (const page of pages) await page.getByRole("button", { name: "Create project" }).click();
    await pages[0]?.waitForTimeout(200);
    await letGo();
    expect(await outcomes(pages, "The last one is created.", "Projects limit reached")).toEqual(["granted", "refused"]);
    expect(await database.countProjects("acme")).toBe(5);
  });

  test("two people accept the last seat at once: one is in, the other reads that there is none", async () => {
    const { url } = await builtDemo(create);
    const [olivia, operator] = [await visitor(url, "olivia"), await visitor(url, "otto")];
    await Promise.all([olivia.goto("/globex/members"), operator.goto("/operator")]);
    const pages: Page[] = [];
    for (const name of ["nora", "theo"]) {
      const link = await invite(olivia, "globex", `${name}@example.com`);
      const page = await visitor(url, null);
      pages.push(page);
      await page.goto(link);
      await signUp(page, name, `${name}@example.com`);
      await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
    }
    // Adam is a member: with him and two invitations there is one seat too few.
    await setLimit(operator, "globex", "seat:member", 2);
    await Promise.all(pages.map((page) => page.getByRole("button", { name: "Accept" }).click()));
    expect(await outcomes(pages, "Reactor", "There is no free seat at the moment.")).toEqual(["granted", "refused"]);
  });
});
