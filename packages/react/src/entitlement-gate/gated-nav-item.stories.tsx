import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { underHost } from "../fixtures/story-host.tsx";
import { GatedNavItem } from "./gated-nav-item.tsx";

const meta: Meta<typeof GatedNavItem> = {
  title: "GatedNavItem",
  component: GatedNavItem,
  args: { href: "#audit", resourceType: "feature:audit", children: "Audit log" },
  decorators: [
    (Story) => (
      <nav aria-label="Main" style={{ display: "grid", gap: "0.5rem", justifyItems: "start" }}>
        <a href="#projects">Projects</a>
        {Story()}
      </nav>
    ),
    underHost,
  ],
};

export default meta;
type Story = StoryObj<typeof meta>;

export const Allowed: Story = {
  args: { href: "#usage", resourceType: undefined, children: "Usage and billing", isCurrent: true },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("link", { name: "Usage and billing" })).toHaveAttribute(
      "aria-current",
      "page",
    );
  },
};

export const Hidden: Story = {
  render: (args) => (
    <>
      <GatedNavItem {...args} />
      <GatedNavItem href="#usage">Usage and billing</GatedNavItem>
    </>
  ),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("link", { name: "Usage and billing" })).toBeVisible();
    await expect(canvas.queryByRole("link", { name: "Audit log" })).not.toBeInTheDocument();
  },
};

export const Disabled: Story = {
  args: { mode: "disabled" },
  play: async ({ canvas }) => {
    const link = await canvas.findByRole("link", { name: "Audit log" });
    await expect(link).toHaveAccessibleDescription("Audit log: not in your plan.");
  },
};

export const Upsell: Story = {
  args: { mode: "upsell" },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("link", { name: "Audit log" })).toHaveAttribute("href", "#upgrade");
  },
};

export const LongLabel: Story = {
  args: { mode: "upsell", children: "Protokollierung".repeat(14) },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/^(Protokollierung)+$/)).toBeVisible();
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

/** An offer would be a lie: beside it stands one that says so. */
export const Failed: Story = {
  args: { mode: "upsell" },
  parameters: { host: { rows: "fails" } },
  render: (args) => (
    <>
      <GatedNavItem {...args} />
      <GatedNavItem href="#usage" mode="disabled">
        Usage and billing
      </GatedNavItem>
    </>
  ),
  play: async ({ canvas }) => {
    const link = await canvas.findByRole("link", { name: "Usage and billing" });
    await expect(link).toHaveAccessibleDescription("Your plan could not be checked.");
    await expect(canvas.queryByRole("link", { name: "Audit log" })).not.toBeInTheDocument();
  },
};

export const Loading: Story = {
  args: { mode: "disabled" },
  parameters: { host: { rows: "never" } },
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole("link")).toHaveLength(1);
  },
};
