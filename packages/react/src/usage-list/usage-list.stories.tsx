import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor } from "storybook/test";
import { underShadcnTokens } from "../fixtures/shadcn-tokens.tsx";
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
export const RightToLeft: Story = { globals: { direction: "rtl", locale: "ar-EG" }, play: everyRow };
export const German: Story = { args: { grouped: true }, globals: { locale: "de" }, play: everyRow };
export const TextTwiceAsLarge: Story = { globals: { textSize: "200%" }, play: everyRow };

/** Rows take the room of their skeletons. */
export const NothingMoves: Story = {
  args: {
    skeletonRows: 3,
    filter: ({ usage }) => usage?.kind === "count" && usage.limit !== 0 && usage.limit !== null,
  },
  globals: { network: "slow" },
  play: async ({ canvas }) => {
    const tops = () => canvas.getAllByRole("listitem").map((item) => item.getBoundingClientRect().top);
    const whileLoading = tops();
    await waitFor(() => expect(canvas.getByText("Reports")).toBeVisible(), { timeout: 5_000 });
    await expect(tops().slice(0, 3)).toEqual(whileLoading);
  },
};

export const LongLabels: Story = {
  parameters: {
    host: { rows: everyStatus.map((usage) => ({ ...usage, label: usage.label.replaceAll(" ", "").repeat(20) })) },
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText("Adminseats".repeat(20))).toBeVisible();
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const ShadcnTokens: Story = { ...Ready, decorators: [underShadcnTokens] };
export const ShadcnTokensDark: Story = { ...ShadcnTokens, globals: { theme: "dark" } };

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
