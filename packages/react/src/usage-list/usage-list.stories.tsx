import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { underHost } from "../fixtures/story-host.tsx";
import { everyStatus } from "../fixtures/usage.ts";
import { UsageList } from "./usage-list.tsx";

const meta: Meta<typeof UsageList> = {
  title: "UsageList",
  component: UsageList,
  decorators: [(Story) => <div style={{ maxInlineSize: "32rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<typeof meta>;

const everyRow: Story["play"] = async ({ canvas }) => {
  await expect(await canvas.findByText("Admin seats")).toBeVisible();
  await expect(canvas.getAllByRole("listitem")).toHaveLength(everyStatus.length);
};

export const Ready: Story = { play: everyRow };
export const Grouped: Story = { args: { grouped: true }, play: everyRow };
export const WhatNeedsAttentionFirst: Story = { args: { sort: "severity" }, play: everyRow };
export const Dark: Story = { args: { grouped: true }, globals: { theme: "dark" }, play: everyRow };
export const RightToLeft: Story = { globals: { direction: "rtl", locale: "ar" }, play: everyRow };
export const German: Story = { args: { grouped: true }, globals: { locale: "de" }, play: everyRow };
export const TextTwiceAsLarge: Story = { globals: { textSize: "200%" }, play: everyRow };

export const Loading: Story = {
  args: { skeletonRows: 4 },
  parameters: { host: { rows: "never" } },
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole("listitem")).toHaveLength(4);
    await expect(canvas.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  },
};

export const Failed: Story = {
  parameters: { host: { rows: "fails" } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("button", { name: "Try again" })).toBeVisible();
    await expect(canvas.queryByText("No limits configured")).not.toBeInTheDocument();
  },
};

export const NoLimits: Story = {
  parameters: { host: { rows: [] } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("No limits configured")).toBeVisible();
  },
};

export const OneRowGarbled: Story = {
  parameters: {
    host: { rows: [...everyStatus.slice(0, 2), { resourceType: "quota:disk", label: "Disk", kind: "gauge" }] },
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Usage could not be loaded")).toBeVisible();
    await expect(canvas.getAllByRole("progressbar")).toHaveLength(2);
  },
};
