import type { Page } from "playwright";
import { expect } from "playwright/test";
import { describe, test } from "vitest";
import { databases } from "../server/testing/databases.ts";
import { invite, setLimit } from "./testing/api.ts";
import { builtDemo } from "./testing/built-demo.ts";
import { signUp } from "./testing/sign-up.ts";
import { useBrowser, visitor } from "./testing/visitor.ts";

useBrowser();

const bar = (page: Page, name: string) => page.getByRole("progressbar", { name });
const roleOf = (page: Page, name: string) => page.getByRole("combobox", { name: `Role of ${name}` });

/** 350 members of Globex, past the demo. */
const MANY_PEOPLE = `
  insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    with recursive numbers (i) as (select 1 union all select i + 1 from numbers where i < 350)
    select 'p' || i, 'Person ' || i, 'p' || i || '@crowd.example', "emailVerified", "createdAt", "updatedAt"
    from "user", numbers where email = 'olivia@example.com';
  insert into member (id, "organizationId", "userId", role, "createdAt")
    select id, 'globex', id, 'member', "createdAt" from "user" where email like '%@crowd.example';`;

async function openInvite(page: Page, address: string): Promise<void> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("textbox", { name: "E-mail addresses" }).fill(address);
}

describe.each(databases)("members on $name", ({ create }) => {
  test("R6: owners and admins take admin seats, members take member seats", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/members");
    await expect(bar(page, "Admin seats")).toHaveAttribute("aria-valuetext", /^2 of 2 admin seats/);
    await expect(bar(page, "Member seats")).toHaveAttribute("aria-valuetext", /^2 of 3 member seats/);
  });

  test("R23: an open invitation takes a seat, and revoking it gives it back", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/members");
    await openInvite(page, "nora@example.com");
    await page.getByRole("button", { name: "Send invitation" }).click();
    await expect(page.getByText("1 invitation sent.")).toBeVisible();
    await page.getByRole("button", { name: "Close" }).click();
    await expect(bar(page, "Member seats")).toHaveAttribute("aria-valuetext", /^3 of 3 member seats.*2 reserved/);

    const open = page.getByRole("listitem").filter({ hasText: "nora@example.com" });
    await expect(open.getByText("Frees 1 member seat")).toBeVisible();
    await open.getByRole("button", { name: /Revoke/ }).click();
    await expect(bar(page, "Member seats")).toHaveAttribute("aria-valuetext", /^2 of 3 member seats/);
    await expect(page.getByRole("listitem").filter({ hasText: "nora@example.com" })).toHaveCount(0);
  });

  test("R19: in the dialog full roles are disabled with the reason", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/members");
    await openInvite(page, "nora@example.com");
    const dialog = page.getByRole("dialog", { name: "Invite to Acme" });
    await expect(dialog.getByText("Admin seats are full (2 of 2): Owner and Admin cannot be chosen.")).toBeVisible();
    await dialog.getByRole("combobox", { name: "Role" }).click();
    await expect(page.getByRole("option", { name: "Admin" })).toHaveAttribute("aria-disabled", "true");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeVisible();
  });

  test("R19: an invitation that comes too late is refused, keeps what was typed and leads to the usage", async () => {
    const { url } = await builtDemo(create);
    const [olivia, adam] = [await visitor(url, "olivia"), await visitor(url, "adam")];
    await Promise.all([olivia.goto("/acme/members"), adam.goto("/acme/members")]);
    await openInvite(olivia, "nora@example.com");
    await expect(olivia.getByText("1 of 1 fits in Member seats")).toBeVisible();
    await invite(adam, "acme", "theo@example.com");
    await olivia.getByRole("button", { name: "Send invitation" }).click();
    await expect(olivia.getByRole("alert").filter({ hasText: "Member seats limit reached" })).toBeVisible();
    await expect(olivia.getByRole("textbox", { name: "E-mail addresses" })).toHaveValue("nora@example.com");
    await expect(olivia.getByRole("dialog").getByRole("link", { name: "See usage" })).toBeFocused();
    await olivia.keyboard.press("Enter");
    await expect(olivia).toHaveURL(`${url}/acme/billing`);
  });

  test("R20: the choice of a role marks full seats and offers the others", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/members");
    await expect(page.getByText("Admin seats are full (2 of 2).")).toBeVisible();
    await roleOf(page, "Mia Member").click();
    await expect(page.getByRole("option", { name: "Admin" })).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("option", { name: "Member" })).not.toHaveAttribute("aria-disabled", "true");
    await page.keyboard.press("Escape");
  });

  test("R21: a promotion that comes too late keeps the old role, says why, and leads to the usage", async () => {
    const { url } = await builtDemo(create);
    const [page, operator] = [await visitor(url, "olivia"), await visitor(url, "otto")];
    await operator.goto("/operator");
    await setLimit(operator, "acme", "seat:admin", 3);
    await page.goto("/acme/members");
    await roleOf(page, "Mia Member").click();
    await expect(page.getByRole("option", { name: "Admin" })).not.toHaveAttribute("aria-disabled", "true");
    await setLimit(operator, "acme", "seat:admin", 2);
    await page.getByRole("option", { name: "Admin" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Admin seats limit reached" })).toBeVisible();
    await expect(roleOf(page, "Mia Member")).toHaveText("Member");
    await page.getByRole("row").getByRole("link", { name: "See usage" }).click();
    await expect(page).toHaveURL(`${url}/acme/billing`);
  });

  test("R8, R9: a promotion within the limit holds", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/globex/members");
    await roleOf(page, "Adam Admin").click();
    await page.getByRole("option", { name: "Admin" }).click();
    await expect(page.getByText("Adam Admin is admin now.")).toBeVisible();
    await expect(bar(page, "Admin seats")).toHaveAttribute("aria-valuetext", /^3 of 5/);
    await page.reload();
    await expect(roleOf(page, "Adam Admin")).toHaveText("Admin");
  });

  test("R10: far more than a hundred belong to an organisation whose seats allow it, and the last seat is the last", async () => {
    const { url, database } = await builtDemo(create);
    await database.run(MANY_PEOPLE);
    const [olivia, operator] = [await visitor(url, "olivia"), await visitor(url, "otto")];
    await Promise.all([olivia.goto("/globex/members"), operator.goto("/operator")]);
    await setLimit(operator, "globex", "seat:member", 352);
    const nora = await visitor(url, null);
    await nora.goto(await invite(olivia, "globex", "nora@example.com"));
    await signUp(nora, "Nora New", "nora@example.com");
    await nora.getByRole("button", { name: "Accept" }).click();
    await expect(nora.getByText("Reactor")).toBeVisible();

    await olivia.reload();
    await expect(bar(olivia, "Member seats")).toHaveAttribute("aria-valuetext", /^352 of 352 member seats/);
    await expect(olivia.getByRole("table").getByRole("row")).toHaveCount(1 + 354);
    await openInvite(olivia, "theo@example.com");
    await expect(olivia.getByRole("dialog").getByText(/Member seats are full \(352 of 352\)/)).toBeVisible();
  });

  test("whoever is removed frees a seat", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "olivia");
    await page.goto("/acme/members");
    await page.getByRole("button", { name: "Remove Mia Member" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await expect(bar(page, "Member seats")).toHaveAttribute("aria-valuetext", /^1 of 3 member seats/);
    await expect(page.getByRole("row").filter({ hasText: "mia@example.com" })).toHaveCount(0);
  });

  test("a member sees who belongs here, and neither numbers nor invitations", async () => {
    const { url } = await builtDemo(create);
    const page = await visitor(url, "mia");
    await page.goto("/acme/members");
    await expect(page.getByRole("row").filter({ hasText: "olivia@example.com" })).toBeVisible();
    await expect(page.getByRole("progressbar")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Invite", exact: true })).toHaveCount(0);
    await expect(page.getByText("ivan@example.com")).toHaveCount(0);
  });
});
