import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { underHost } from "../fixtures/story-host.tsx";
import { type PlainUsageBarProps, UsageBar } from "./usage-bar.tsx";

const meta: Meta<PlainUsageBarProps> = {
  title: "UsageBar",
  component: UsageBar,
  args: { label: "Admin seats", limit: 10, current: 4 },
  argTypes: { limit: { control: "number" }, resetsAt: { control: "text" } },
  decorators: [underHost, (Story) => <div style={{ maxInlineSize: "28rem" }}>{Story()}</div>],
};

export default meta;
type Story = StoryObj<PlainUsageBarProps>;

const noBar: NonNullable<Story["play"]> = async ({ canvas }) => {
  await expect(canvas.queryByRole("progressbar")).not.toBeInTheDocument();
};

/** Expects the words that stand where there is nothing to measure. */
const saying =
  (words: string): NonNullable<Story["play"]> =>
  async (context) => {
    await expect(context.canvas.getByText(words)).toBeInTheDocument();
    await noBar(context);
  };

const noOverflow: Story["play"] = async ({ canvasElement }) => {
  await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
};

export const Ok: Story = {
  play: async ({ canvas }) => {
    const bar = canvas.getByRole("progressbar", { name: "Admin seats" });
    await expect(bar).toHaveAttribute("aria-valuetext", "4 of 10 admin seats");
    await expect(canvas.getByText("6 left")).toBeVisible();
  },
};

export const Near: Story = {
  args: { current: 8 },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Near limit")).toBeVisible();
  },
};

export const At: Story = {
  args: { current: 10 },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Limit reached")).toBeVisible();
  },
};

export const Over: Story = {
  args: { current: 12 },
  play: async ({ canvas }) => {
    const bar = canvas.getByRole("progressbar", { name: "Admin seats" });
    await expect(bar).toHaveAttribute("aria-valuetext", "12 of 10 admin seats, 2 over the limit");
    await expect(bar).toHaveAttribute("aria-valuenow", "10");
  },
};

export const OverALimitOfNothing: Story = {
  args: { limit: 0, current: 3 },
  play: async ({ canvas }) => {
    const bar = canvas.getByRole("progressbar", { name: "Admin seats" });
    await expect(bar).toHaveAttribute("aria-valuetext", "3 of 0 admin seats, 3 over the limit");
  },
};

export const Reserved: Story = {
  args: { limit: 50, current: 41, reserved: 7, label: "Member seats", resetsAt: "2026-12-01T00:00:00Z" },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText("7 reserved")).toBeVisible();
    await expect(canvas.getByText("Resets in 3 days")).toBeVisible();
    const width = (slot: string) =>
      canvasElement.querySelector(`[data-slot="usage-bar-${slot}"]`)?.getBoundingClientRect().width ?? 0;
    await expect(width("indicator") / width("track")).toBeCloseTo(0.68, 2);
    await expect(width("reserved") / width("track")).toBeCloseTo(0.14, 2);
  },
};

export const Unlimited: Story = {
  args: { limit: null, current: 128_400, label: "API calls" },
  play: saying("128,400 used"),
};
export const Blocked: Story = { args: { limit: 0, current: 0, label: "Exports" }, play: saying("Not in your plan") };
export const Unconfigured: Story = { args: { limit: undefined }, play: saying("No limit configured") };
export const Loading: Story = { args: { status: "loading" }, play: saying("Loading usage") };

export const Failed: Story = {
  args: { status: "error", onRetry: () => {} },
  play: async (context) => {
    await noBar(context);
    await expect(context.canvas.getByRole("button", { name: "Try again" })).toHaveAccessibleDescription("Admin seats");
  },
};

export const Feature: Story = {
  args: { label: "Single sign-on", kind: "feature", limit: 1, current: 0 },
  play: saying("Included"),
};

export const LongLabel: Story = {
  args: {
    label: "Automatisierungsausführungen in Testumgebungen pro Abrechnungszeitraum",
    limit: 120_000,
    current: 119_500,
  },
  play: noOverflow,
};

export const OneLongWord: Story = {
  args: { label: "Umgebungen".repeat(20), current: 12, reserved: 2 },
  play: noOverflow,
};

export const BigNumbers: Story = {
  args: { label: "API calls", current: 1_234_567, limit: 9_007_199_254_740_991 },
  play: async (context) => {
    await noOverflow(context);
    await expect(context.canvas.getByText("1,234,567 of 9,007,199,254,740,991")).toBeVisible();
  },
};

export const UnderAProvider: Story = {
  render: () => <UsageBar resourceType="seat:member" />,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("progressbar", { name: "Member seats" })).toBeVisible();
  },
};

/** Every status takes the same room, so nothing moves when numbers arrive. */
export const EveryStatus: Story = {
  render: () => (
    <div style={{ display: "grid", gap: "1.25rem" }}>
      <UsageBar label="Loading" status="loading" />
      <UsageBar label="Projects" limit={20} current={7} />
      <UsageBar label="Member seats" limit={50} current={42} reserved={3} />
      <UsageBar label="Admin seats" limit={2} current={2} reserved={1} />
      <UsageBar label="Reports" limit={10} current={12} />
      <UsageBar label="API calls" limit={null} current={128_400} />
      <UsageBar label="Exports" limit={0} current={0} />
      <UsageBar label="Environments" />
      <UsageBar label="Storage" status="error" onRetry={() => {}} />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const bars = [...canvasElement.querySelectorAll('[data-slot="usage-bar"]')];
    const heights = new Set(bars.map((bar) => Math.round(bar.getBoundingClientRect().height)));
    await expect(bars).toHaveLength(9);
    await expect([...heights]).toHaveLength(1);
  },
};

export const RightToLeft: Story = {
  args: { current: 8, reserved: 2 },
  globals: { direction: "rtl", locale: "ar-EG" },
  play: async ({ canvasElement }) => {
    const box = (slot: string) =>
      canvasElement.querySelector(`[data-slot="usage-bar-${slot}"]`)?.getBoundingClientRect();
    await expect(box("indicator")?.right).toBeCloseTo(box("track")?.right ?? 0, 0);
    await expect(box("value")?.left).toBeLessThan(box("label")?.left ?? 0);
  },
};

export const German: Story = {
  args: { label: "Projekte", limit: 20_000, current: 18_000 },
  globals: { locale: "de" },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("18.000 von 20.000")).toBeVisible();
    await expect(canvas.getByText("Fast erreicht")).toBeVisible();
  },
};

export const Dark: Story = { ...Near, globals: { theme: "dark" } };
export const TextTwiceAsLarge: Story = {
  args: { current: 12, reserved: 2 },
  globals: { textSize: "200%" },
  play: noOverflow,
};
