import type { Meta, StoryObj } from "@storybook/react-vite";
import { defineSeats } from "@x/entitlements-core/wire";
import { type ReactElement, useState } from "react";
import { expect } from "storybook/test";
import { limitProblem } from "../fixtures/problems.ts";
import { underShadcnTokens } from "../fixtures/shadcn-tokens.tsx";
import { underHost } from "../fixtures/story-host.tsx";
import { row } from "../fixtures/usage.ts";
import { PendingInvitations, type PendingInvitationsProps } from "./pending-invitations.tsx";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const rows = [
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 5, current: 4, reserved: 1 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 6, reserved: 2 }),
];
const invitations = [
  { id: "1", email: "ann@example.com", role: "admin", expiresAt: "2026-11-30T12:00:00Z" },
  {
    id: "2",
    email: "bartholomew.featherstonehaugh@subsidiary.example.com",
    role: "member",
    expiresAt: "2026-11-28T15:00:00Z",
  },
  { id: "3", email: "carl@example.com", role: "member", expiresAt: "2026-11-26T12:00:00Z" },
];
const done = async () => ({ error: null });

const meta: Meta<PendingInvitationsProps> = {
  title: "PendingInvitations",
  component: PendingInvitations,
  args: { invitations, seats, onResend: done, onRevoke: done },
  parameters: { host: { rows } },
  decorators: [(Story) => <div style={{ maxInlineSize: "36rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<PendingInvitationsProps>;

const ready: Story["play"] = async ({ canvas }) => {
  await expect(await canvas.findByText("Frees 1 admin seat")).toBeVisible();
  await expect(canvas.getByRole("button", { name: "Revoke ann@example.com" })).toHaveAccessibleDescription(
    "Frees 1 admin seat",
  );
};

export const Ready: Story = {
  play: async (context) => {
    await ready(context);
    await expect(context.canvas.getByText("Expires in 2 days")).toBeVisible();
    await expect(context.canvas.getByText("Expired")).toBeVisible();
  },
};
export const Dark: Story = { globals: { theme: "dark" }, play: ready };
export const RightToLeft: Story = { globals: { direction: "rtl" }, play: ready };
export const TextTwiceAsLarge: Story = { globals: { textSize: "200%" }, play: ready };

export const German: Story = {
  globals: { locale: "de" },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText("Admin seats: 1 wird frei")).toBeVisible();
    await expect(canvas.getByText("Läuft in 2 Tagen ab")).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Erneut senden ann@example.com" }));
    await expect(await canvas.findAllByText("Die Einladung von ann@example.com ist erneut gesendet")).toHaveLength(2);
  },
};

export const LongAddress: Story = {
  args: {
    invitations: [
      { id: "1", email: `${"a".repeat(190)}@example.com`, role: "admin", expiresAt: "2026-11-30T12:00:00Z" },
    ],
  },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const ShadcnTokens: Story = { ...Ready, decorators: [underShadcnTokens] };
export const ShadcnTokensDark: Story = { ...ShadcnTokens, globals: { theme: "dark" } };

function Revocable(props: PendingInvitationsProps): ReactElement {
  const [open, setOpen] = useState(invitations);
  const onRevoke = async ({ id }: { readonly id: string }) => setOpen((now) => now.filter((one) => one.id !== id));
  return <PendingInvitations {...props} invitations={open} onRevoke={onRevoke} />;
}

export const Revoking: Story = {
  render: (args) => <Revocable {...args} />,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Revoke ann@example.com" }));
    await expect(canvas.queryByText("ann@example.com")).not.toBeInTheDocument();
    await expect(canvas.getByRole("status")).toHaveTextContent("The invitation of ann@example.com is revoked");
    await expect(document.activeElement).toContainElement(canvas.getByRole("list"));
  },
};

const resend: Story["play"] = async ({ canvas, userEvent }) => {
  await userEvent.click(canvas.getByRole("button", { name: "Resend ann@example.com" }));
};

export const Pending: Story = {
  args: { onResend: () => new Promise(() => {}) },
  play: async (context) => {
    await resend(context);
    await expect(await context.canvas.findByText("Sending again…")).toBeVisible();
  },
};

export const SentAgain: Story = {
  play: async (context) => {
    await resend(context);
    await expect(context.canvas.getByRole("status")).toHaveTextContent(
      "The invitation of ann@example.com is sent again",
    );
  },
};

export const RowFailed: Story = {
  args: { onResend: () => Promise.reject(new Error("offline")), errorText: () => "The mail server is busy" },
  play: async (context) => {
    await resend(context);
    await expect(await context.canvas.findByText("The mail server is busy")).toBeVisible();
  },
};

export const RowRefused: Story = {
  args: { onResend: async () => ({ error: { ...limitProblem, resourceType: "seat:admin" } }) },
  play: async (context) => {
    await resend(context);
    await expect(await context.canvas.findByRole("link", { name: "See usage" })).toBeVisible();
  },
};

export const Empty: Story = {
  args: { invitations: [] },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("No open invitations")).toBeVisible();
  },
};

export const Loading: Story = {
  args: { invitations: undefined },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("region", { name: "Open invitations" })).toHaveAttribute("aria-busy", "true");
  },
};

export const Failed: Story = {
  args: { error: new Error("offline"), onRetry: () => {} },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("button", { name: "Try again" })).toBeVisible();
    await expect(canvas.queryByText("No open invitations")).not.toBeInTheDocument();
  },
};
