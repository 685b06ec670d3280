import type { Meta, StoryObj } from "@storybook/react-vite";
import { defineSeats } from "@x/entitlements-core/wire";
import { expect, waitFor } from "storybook/test";
import { limitProblem } from "../fixtures/problems.ts";
import { underShadcnTokens } from "../fixtures/shadcn-tokens.tsx";
import { underHost } from "../fixtures/story-host.tsx";
import { row } from "../fixtures/usage.ts";
import { InviteForm, type InviteFormProps } from "./invite-form.tsx";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });

const taken = (admins: number, members: number) => [
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 5, current: admins }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: members }),
];

const refusal = { ...limitProblem, resourceType: "seat:member", current: 10, limit: 10 };
const refuse = async () => ({ data: null, error: refusal });

const meta: Meta<InviteFormProps> = {
  title: "InviteForm",
  component: InviteForm,
  args: {
    seats,
    only: ["admin", "member"],
    onInvite: async () => ({ error: null }),
    members: ["mia@example.com"],
    invited: ["ivo@example.com"],
  },
  parameters: { host: { rows: taken(2, 6) } },
  decorators: [(Story) => <div style={{ maxInlineSize: "32rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<InviteFormProps>;
type Play = NonNullable<Story["play"]>;
type Context = Parameters<Play>[0];

const addressesOf = ({ canvas }: Context) => canvas.getByRole("textbox", { name: "E-mail addresses" });

async function paste(context: Context, text: string) {
  await waitFor(() => expect(context.canvas.queryByText("Checking your plan…")).not.toBeInTheDocument());
  await context.userEvent.click(addressesOf(context));
  await context.userEvent.paste(text);
  await context.userEvent.tab();
}

export const Empty: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Admin seats: 3 free")).toBeVisible();
    await expect(canvas.getByRole("button", { name: "Send invitation" })).toHaveAccessibleDescription(
      "Enter at least one e-mail address.",
    );
  },
};

const fiveForThree: Play = async (context) => {
  await paste(context, "ann@example.com, bob@example.com, carl@example.com\ndora@example.com emil@example.com");
  await expect(context.canvas.getByText("3 of 5 fit in Admin seats")).toBeVisible();
  await expect(context.canvas.getByRole("button", { name: "Send 3 invitations" })).toBeVisible();
  await expect(context.canvas.getAllByText("No seat left")).toHaveLength(2);
};

export const ThreeOfFiveFit: Story = { args: { defaultRole: "admin" }, play: fiveForThree };
export const Dark: Story = { args: { defaultRole: "admin" }, globals: { theme: "dark" }, play: fiveForThree };
export const RightToLeft: Story = { args: { defaultRole: "admin" }, globals: { direction: "rtl" }, play: fiveForThree };
export const TextTwiceAsLarge: Story = {
  args: { defaultRole: "admin" },
  globals: { textSize: "200%" },
  play: fiveForThree,
};

export const German: Story = {
  args: { defaultRole: "admin" },
  globals: { locale: "de" },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText("Admin seats: 3 frei")).toBeVisible();
    await userEvent.click(canvas.getByRole("textbox", { name: "E-Mail-Adressen" }));
    await userEvent.paste("ann@example.com bob@example.com carl@example.com dora@example.com mia@example.com ");
    await expect(canvas.getByText("Admin seats: 3 von 4 passen")).toBeVisible();
    await expect(canvas.getByText("Kein Platz frei")).toBeVisible();
    await expect(canvas.getByText("Schon Mitglied")).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "3 Einladungen senden" }));
    await expect(await canvas.findByText("3 gesendet, 0 fehlgeschlagen, 0 nicht gesendet.")).toBeVisible();
  },
};

export const ShadcnTokens: Story = { ...ThreeOfFiveFit, decorators: [underShadcnTokens] };
export const ShadcnTokensDark: Story = { ...ShadcnTokens, globals: { theme: "dark" } };

export const WhatCannotBeInvited: Story = {
  args: { defaultRole: "member" },
  play: async (context) => {
    await paste(context, "ann@example.com\nann@example.com\nbob@example\nmia@example.com\nivo@example.com");
    for (const mark of ["Ready", "Listed twice", "Not an e-mail address", "Already a member", "Already invited"]) {
      await expect(context.canvas.getByText(mark)).toBeVisible();
    }
  },
};

export const PastedTable: Story = {
  args: { defaultRole: "member" },
  play: async (context) => {
    await paste(context, 'Name;E-Mail;Team\n"Smith; Ann";ann@example.com;Sales\nBob;bob@example.com;');
    await expect(context.canvas.getByText("2 addresses, 2 to invite")).toBeVisible();
  },
};

export const Sent: Story = {
  args: { defaultRole: "member" },
  play: async (context) => {
    await paste(context, "ann@example.com bob@example.com");
    await context.userEvent.click(context.canvas.getByRole("button", { name: "Send 2 invitations" }));
    await expect(await context.canvas.findByText("2 invitations sent.")).toBeVisible();
    await expect(addressesOf(context)).toHaveValue("");
  },
};

export const Sending: Story = {
  args: { defaultRole: "member", onInvite: () => new Promise(() => {}) },
  play: async (context) => {
    await paste(context, "ann@example.com bob@example.com");
    const button = context.canvas.getByRole("button", { name: "Send 2 invitations" });
    await context.userEvent.click(button);
    await expect(context.canvas.getByRole("status")).toHaveTextContent("Sending…");
    await expect(button).toHaveFocus();
    await expect(button).toHaveAttribute("aria-disabled", "true");
  },
};

const refused: Play = async (context) => {
  await paste(context, "ann@example.com bob@example.com");
  await context.userEvent.click(context.canvas.getByRole("button", { name: "Send 2 invitations" }));
  await expect(await context.canvas.findByText("Member seats limit reached")).toBeVisible();
  await expect(addressesOf(context)).toHaveValue("ann@example.com bob@example.com");
};

/** Somebody else took the last seat between the count and the click. */
export const Refused: Story = {
  args: { defaultRole: "member", onInvite: refuse },
  parameters: { host: { rows: taken(2, 6), later: taken(2, 10) } },
  play: async (context) => {
    await refused(context);
    await expect(await context.canvas.findByText("0 of 2 fit in Member seats")).toBeVisible();
    await waitFor(() => expect(context.canvas.getByRole("link", { name: "See usage" })).toHaveFocus());
  },
};

export const RefusedToSomebodyWithoutBilling: Story = {
  args: { defaultRole: "member", onInvite: refuse },
  parameters: { host: { rows: taken(2, 6), later: taken(2, 10), canManageBilling: false } },
  play: refused,
};

export const SomeFailed: Story = {
  args: {
    defaultRole: "member",
    onInvite: async (email) => ({ error: email.startsWith("bob") ? { status: 500 } : null }),
    errorText: () => "The mail server is busy",
  },
  play: async (context) => {
    await paste(context, "ann@example.com bob@example.com");
    await context.userEvent.click(context.canvas.getByRole("button", { name: "Send 2 invitations" }));
    await expect(await context.canvas.findByText("1 invitation sent. 1 failed.")).toBeVisible();
    await expect(context.canvas.getByText("The mail server is busy")).toBeVisible();
  },
};

export const EveryRoleFull: Story = {
  parameters: { host: { rows: taken(5, 12) } },
  play: async (context) => {
    await paste(context, "ann@example.com");
    await expect(context.canvas.getByRole("alert")).toHaveTextContent("Every seat is taken.");
    await expect(context.canvas.getByRole("link", { name: "Upgrade" })).toBeVisible();
  },
};

export const TwoHundredAddresses: Story = {
  args: { defaultRole: "member" },
  play: async (context) => {
    const emails = Array.from({ length: 200 }, (_, index) => `person-${index + 1}@example.com`);
    await paste(context, emails.join("\n"));
    await expect(context.canvas.getByText("200 addresses, 200 to invite")).toBeVisible();
    await expect(context.canvas.getByText("and 100 more")).toBeVisible();
    await expect(context.canvas.getByText("4 of 200 fit in Member seats")).toBeVisible();
    await expect(context.canvasElement.getBoundingClientRect().height).toBeLessThan(800);
  },
};

export const LongAddress: Story = {
  args: { defaultRole: "member" },
  play: async (context) => {
    await paste(context, `${"a".repeat(190)}@example.com`);
    await expect(context.canvasElement.scrollWidth).toBeLessThanOrEqual(context.canvasElement.clientWidth);
  },
};

/** What is known of the seats stands where it was waited for. */
export const NothingMoves: Story = {
  globals: { network: "slow" },
  play: async ({ canvas }) => {
    const top = () => canvas.getByRole("button", { name: "Send invitation" }).getBoundingClientRect().top;
    const whileLoading = top();
    await waitFor(() => expect(canvas.getByText("Admin seats: 3 free")).toBeVisible(), { timeout: 5_000 });
    await expect(Math.abs(top() - whileLoading)).toBeLessThan(1);
  },
};

export const Loading: Story = {
  parameters: { host: { rows: "never" } },
  play: async (context) => {
    await expect(context.canvas.getByText("Checking your plan…")).toBeVisible();
    await expect(addressesOf(context)).toBeEnabled();
    await expect(context.canvas.getByRole("button", { name: "Send invitation" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  },
};

export const PlanCouldNotBeChecked: Story = {
  parameters: { host: { rows: "fails" } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Your plan could not be checked.")).toBeVisible();
  },
};
