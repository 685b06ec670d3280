import type { Meta, StoryObj } from "@storybook/react-vite";
import { defineSeats } from "@x/entitlements-core/wire";
import { expect, screen, waitFor } from "storybook/test";
import { underHost } from "../fixtures/story-host.tsx";
import { row } from "../fixtures/usage.ts";
import { type ConnectedRoleSelectProps, RoleSelect } from "./role-select.tsx";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const admins = { resourceType: "seat:admin", label: "Admin seats", limit: 2 };
const members = { resourceType: "seat:member", label: "Member seats", limit: 10 };

const rows = (admin: number, member: number) => ({
  host: { rows: [row({ ...admins, current: admin }), row({ ...members, current: member })] },
});

const meta: Meta<ConnectedRoleSelectProps> = {
  title: "RoleSelect",
  component: RoleSelect,
  args: { label: "Role", seats },
  parameters: rows(2, 7),
  decorators: [(Story) => <div style={{ maxInlineSize: "24rem", minBlockSize: "15rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<ConnectedRoleSelectProps>;

const chooseMember: Story["play"] = async ({ canvas, userEvent }) => {
  await expect(
    await canvas.findByText("Admin seats are full (2 of 2): Owner and Admin cannot be chosen."),
  ).toBeVisible();
  const choice = canvas.getByRole("combobox", { name: "Role" });
  choice.focus();
  await userEvent.keyboard("{Enter}");
  await expect(await screen.findByRole("option", { name: "Owner" })).toHaveAttribute("aria-disabled", "true");
  await waitFor(() => expect(screen.getByRole("option", { name: "Member" })).toHaveFocus());
  // Choosing closes the list: an open one hides the rest of the page from assistive technology, focusable parts too.
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(choice).toHaveFocus());
  await expect(choice).toHaveTextContent("Member");
};

export const AdminsFull: Story = { play: chooseMember };
export const Dark: Story = { globals: { theme: "dark" }, play: chooseMember };
export const TextTwiceAsLarge: Story = { globals: { textSize: "200%" }, play: chooseMember };
export const RightToLeft: Story = { globals: { direction: "rtl" }, play: chooseMember };

const listOf = async ({ canvas, userEvent }: Parameters<NonNullable<Story["play"]>>[0]) => {
  await waitFor(() => expect(canvas.queryByText("Checking your plan…")).not.toBeInTheDocument());
  canvas.getByRole("combobox", { name: "Role" }).focus();
  await userEvent.keyboard("{Enter}");
  const list = await screen.findByRole("listbox");
  await waitFor(() => expect(screen.getByRole("option", { name: "Member" })).toHaveFocus());
  return list.getBoundingClientRect();
};

const close: Story["play"] = async ({ userEvent }) => {
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("listbox")).not.toBeInTheDocument());
};

/** Its list lies above the dialog, and Escape closes the list alone. */
export const InAModalDialog: Story = {
  render: (args) => (
    <dialog ref={(dialog) => dialog?.showModal()} aria-label="Invite" style={{ inlineSize: "16rem" }}>
      <RoleSelect {...args} />
    </dialog>
  ),
  play: async (context) => {
    const { left, top, width } = await listOf(context);
    const above = document.elementFromPoint(left + width / 2, top + 12);
    await expect(above?.closest("[role=listbox]")).toBeVisible();
    await close(context);
    await expect(context.canvas.getByRole("dialog", { name: "Invite" })).toBeVisible();
  },
};

/** Near the lower edge of a small screen the list opens upwards. */
export const NearTheLowerEdge: Story = {
  decorators: [
    (Story) => (
      <div style={{ position: "fixed", insetBlockEnd: 0, insetInline: "0 auto", inlineSize: "100%" }}>{Story()}</div>
    ),
  ],
  play: async (context) => {
    const { top, bottom, left, right } = await listOf(context);
    await expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
    await expect(bottom).toBeLessThanOrEqual(window.innerHeight);
    await expect(right).toBeLessThanOrEqual(window.innerWidth);
    await close(context);
  },
};

export const LongNames: Story = {
  args: { roleLabel: (role) => role.repeat(40) },
  parameters: { host: { rows: [row({ ...admins, label: "Verwaltungssitze".repeat(12), current: 2 }), row(members)] } },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/^(Verwaltungssitze)+ are full/)).toBeVisible();
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const EverythingFree: Story = {
  parameters: rows(1, 3),
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.queryByText("Checking your plan…")).not.toBeInTheDocument());
    await expect(canvas.getByRole("combobox")).not.toHaveAccessibleDescription();
  },
};

export const EverythingFull: Story = {
  parameters: rows(2, 10),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Member seats are full (10 of 10): Member cannot be chosen.")).toBeVisible();
  },
};

/** Expects the reason below the choice. */
const because =
  (reason: string): NonNullable<Story["play"]> =>
  async ({ canvas }) => {
    await expect(await canvas.findByText(reason)).toBeVisible();
    await expect(canvas.getByRole("combobox")).toHaveAccessibleDescription(reason);
  };

export const AboveTheLimit: Story = {
  parameters: rows(5, 3),
  play: because("Admin seats are full (5 of 2): Owner and Admin cannot be chosen."),
};

export const NotInThePlan: Story = {
  parameters: { host: { rows: [row({ ...admins, limit: 0, current: 0 }), row({ ...members, limit: null })] } },
  play: because("Admin seats are not in your plan: Owner and Admin cannot be chosen."),
};

export const NotConfigured: Story = {
  parameters: { host: { rows: [row(members)] } },
  play: because("No limit is configured for admin: Owner and Admin cannot be chosen."),
};

export const HeldSeat: Story = {
  args: { heldRole: "admin", defaultValue: "admin" },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.queryByText("Checking your plan…")).not.toBeInTheDocument());
    await expect(canvas.queryByText(/Admin seats are full/)).not.toBeInTheDocument();
  },
};

export const Loading: Story = {
  parameters: { host: { rows: "never" } },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Checking your plan…")).toBeVisible();
  },
};

export const Failed: Story = {
  parameters: { host: { rows: "fails" } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Your plan could not be checked.")).toBeVisible();
    await expect(canvas.getByRole("button", { name: "Try again" })).toBeVisible();
  },
};

export const Disabled: Story = {
  args: { disabled: true, defaultValue: "member" },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("combobox")).toBeDisabled();
    await expect(canvas.getByRole("combobox")).toHaveTextContent("Member");
  },
};
