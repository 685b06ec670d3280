import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { invite, setLimit } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { signUp } from "./testing/sign-up.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

describe.each(databases)("invitations on $name", ({ create }) => {
  test("somebody new opens the link, makes an account, accepts and is in", async () => {
    const { url } = await builtDemo(create);
    const olivia = await visitor(url, "olivia");
    await olivia.goto("/acme/members");
    const link = await invite(olivia, "acme", "nora@example.com");

    const nora = await visitor(url, null);
    await nora.goto(link);
    await signUp(nora, "Nora New", "nora@example.com");
    await expect(nora.getByText("invites you to join")).toContainText("Acme as member");
    await nora.getByRole("button", { name: "Accept" }).click();
    await expect(nora).toHaveURL(`${url}/acme/projects`);
    await expect(nora.getByText("Website")).toBeVisible();

    await olivia.reload();
    await expect(olivia.getByRole("row").filter({ hasText: "nora@example.com" })).toBeVisible();
  });

  test("R15: with every seat taken Accept is disabled with the reason, and Decline is not", async () => {
    const { url } = await builtDemo(create);
    const [olivia, operator] = [await visitor(url, "olivia"), await visitor(url, "otto")];
    await Promise.all([olivia.goto("/acme/members"), operator.goto("/operator")]);
    const link = await invite(olivia, "acme", "nora@example.com");
    await setLimit(operator, "acme", "seat:member", 1);

    const nora = await visitor(url, null);
    await nora.goto(link);
    await expect(nora.getByText("There is no free seat at the moment.")).toBeVisible();
    await signUp(nora, "Nora New", "nora@example.com");
    const accept = nora.getByRole("button", { name: "Accept" });
    await expect(accept).toHaveAttribute("aria-disabled", "true");
    await expect(accept).toHaveAccessibleDescription(/no free seat/);
    // What is taken and what the limit is concerns nobody who is not in.
    await expect(nora.getByText(/\d+ of \d+/)).toHaveCount(0);
    await accept.click({ force: true });
    await expect(nora).toHaveURL(new RegExp(link));
    await nora.getByRole("button", { name: "Decline" }).click();
    await expect(nora).toHaveURL(/new-organisation$/);
    await nora.goto(link);
    await expect(nora.getByRole("heading", { name: "This invitation is no longer open" })).toBeVisible();
  });

  test("R15: a seat that is lost between looking and accepting is told the same way", async () => {
    const { url } = await builtDemo(create);
    const [olivia, operator] = [await visitor(url, "olivia"), await visitor(url, "otto")];
    await Promise.all([olivia.goto("/acme/members"), operator.goto("/operator")]);
    const link = await invite(olivia, "acme", "nora@example.com");
    const nora = await visitor(url, null);
    await nora.goto(link);
    await signUp(nora, "Nora New", "nora@example.com");
    await expect(nora.getByRole("button", { name: "Accept" })).not.toHaveAttribute("aria-disabled", "true");
    await setLimit(operator, "acme", "seat:member", 1);
    await nora.getByRole("button", { name: "Accept" }).click();
    await expect(nora.getByText("There is no free seat at the moment.")).toBeVisible();
    await expect(nora.getByRole("button", { name: "Accept" })).toHaveAttribute("aria-disabled", "true");
    await expect(nora.getByText(/\d+ of \d+/)).toHaveCount(0);
  });

  test("somebody else's invitation, and one that never was, say so and nothing more", async () => {
    const { url } = await builtDemo(create);
    const olivia = await visitor(url, "olivia");
    await olivia.goto("/acme/members");
    const link = await invite(olivia, "acme", "nora@example.com");
    const mia = await visitor(url, "mia");
    await mia.goto(link);
    await expect(mia.getByText("This invitation is for another address than")).toBeVisible();
    await expect(mia.getByRole("button", { name: "Accept" })).toHaveCount(0);
    await expect(mia.getByText("nora@example.com")).toHaveCount(0);
    await mia.goto("/invitations/nothing");
    await expect(mia.getByRole("heading", { name: "This invitation is no longer open" })).toBeVisible();
  });
});
