import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor } from "storybook/test";
import { underShadcnTokens } from "../fixtures/shadcn-tokens.tsx";
import { underHost } from "../fixtures/story-host.tsx";
import { row } from "../fixtures/usage.ts";
import { BillingCard, type BillingCardProps } from "./billing-card.tsx";

const members = { resourceType: "seat:member", label: "Member seats", limit: 50 };
const projects = { resourceType: "quota:project", label: "Projects", limit: 20 };
const calls = { resourceType: "quota:api_call", label: "API calls", limit: 10_000, resetsAt: "2026-12-01T00:00:00Z" };
const rows = (taken: number, made: number, called: number) => ({
  host: {
    rows: [
      row({ ...members, current: taken, reserved: 3 }),
      row({ ...projects, current: made }),
      row({ ...calls, current: called }),
    ],
  },
});

const meta: Meta<BillingCardProps> = {
  title: "BillingCard",
  component: BillingCard,
  args: {
    plan: { name: "Pro", renewsAt: "2026-12-01T00:00:00Z" },
    admins: [{ name: "Ann Lee" }, { name: "Bob Ray" }],
  },
  parameters: rows(12, 7, 2_400),
  decorators: [(Story) => <div style={{ maxInlineSize: "36rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<BillingCardProps>;
type Play = NonNullable<Story["play"]>;

const bars: Play = async ({ canvas }) => {
  await expect(await canvas.findAllByRole("progressbar")).toHaveLength(3);
  await expect(canvas.getByText("Pro plan")).toBeVisible();
  await expect(canvas.getByText("Renews in 3 days")).toBeVisible();
};

export const Owner: Story = {
  play: async (context) => {
    await bars(context);
    await expect(context.canvas.getByRole("link", { name: "Upgrade" })).toBeVisible();
  },
};

export const Member: Story = {
  parameters: { host: { ...rows(12, 7, 2_400).host, canManageBilling: false } },
  play: async (context) => {
    await bars(context);
    await expect(context.canvas.getByText("Ask Ann Lee and Bob Ray.")).toBeVisible();
    await expect(context.canvas.queryByRole("link", { name: "Upgrade" })).not.toBeInTheDocument();
  },
};

const banners: Play = async (context) => {
  await bars(context);
  await expect(context.canvas.getByText("Over limit: Member seats.")).toBeVisible();
  await expect(context.canvas.getByText("Limit reached: Projects.")).toBeVisible();
  await expect(context.canvas.getByText("Near limit: API calls.")).toBeVisible();
};

/** With what the host's own code has loaded. */
export const WithoutAProvider: Story = {
  args: {
    source: {
      orgId: "acme",
      usage: { orgId: "acme", entitlements: rows(12, 7, 2_400).host.rows },
      canManageBilling: true,
      upgradeUrl: "#upgrade",
    },
  },
  play: async (context) => {
    await bars(context);
    await expect(context.canvas.getByRole("link", { name: "Upgrade" })).toBeVisible();
  },
};

export const Banners: Story = { parameters: rows(52, 20, 9_100), play: banners };
export const Dark: Story = { parameters: rows(52, 20, 9_100), globals: { theme: "dark" }, play: banners };
export const RightToLeft: Story = { parameters: rows(52, 20, 9_100), globals: { direction: "rtl" }, play: banners };
export const TextTwiceAsLarge: Story = {
  parameters: rows(52, 20, 9_100),
  globals: { textSize: "200%" },
  play: banners,
};

export const German: Story = {
  parameters: { host: { ...rows(52, 20, 9_100).host, canManageBilling: false } },
  globals: { locale: "de" },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Über dem Limit: Member seats.")).toBeVisible();
    await expect(canvas.getByText("Verlängert sich in 3 Tagen")).toBeVisible();
    await expect(canvas.getByText("9.100 von 10.000")).toBeVisible();
    await expect(canvas.getByText("Fragen Sie Ann Lee und Bob Ray.")).toBeVisible();
  },
};

export const Cancelled: Story = {
  args: { plan: { name: "Pro", renewsAt: "2026-12-01T00:00:00Z", isCancelled: true } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Ends in 3 days")).toBeVisible();
  },
};

export const ShadcnTokens: Story = { ...Banners, decorators: [underShadcnTokens] };
export const ShadcnTokensDark: Story = { ...ShadcnTokens, globals: { theme: "dark" } };

const endless = "Unternehmenstarif".repeat(12);

export const LongNames: Story = {
  args: { plan: { name: endless, renewsAt: "2026-12-01T00:00:00Z" }, admins: [{ name: endless }] },
  parameters: {
    host: { rows: [row({ ...projects, label: endless, current: 20 })], canManageBilling: false },
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(`Limit reached: ${endless}.`)).toBeVisible();
    await expect(canvas.getByText("Renews in 3 days")).toBeVisible();
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const NoLimits: Story = {
  parameters: { host: { rows: [] } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("No limits configured")).toBeVisible();
  },
};

export const Failed: Story = {
  parameters: { host: { rows: "fails" } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("button", { name: "Try again" })).toBeVisible();
    await expect(canvas.queryByText("No limits configured")).not.toBeInTheDocument();
  },
};

export const Loading: Story = {
  args: { plan: undefined },
  parameters: { host: { rows: "never" } },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  },
};

/** The card is as high while loading as it will be. */
export const NothingMoves: Story = {
  globals: { network: "slow" },
  play: async ({ canvas }) => {
    const card = canvas.getByRole("region", { name: "Plan and usage" });
    const height = () => card.getBoundingClientRect().height;
    const whileLoading = height();
    await waitFor(() => expect(canvas.getAllByRole("progressbar")).toHaveLength(3), { timeout: 5_000 });
    await expect(Math.abs(height() - whileLoading)).toBeLessThan(1);
  },
};
