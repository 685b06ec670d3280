import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn } from "storybook/test";
import { underHost } from "../fixtures/story-host.tsx";
import { row } from "../fixtures/usage.ts";
import { EntitlementGate } from "./entitlement-gate.tsx";

const onClick = fn();

const meta: Meta<typeof EntitlementGate> = {
  title: "EntitlementGate",
  component: EntitlementGate,
  args: {
    resourceType: "seat:admin",
    children: (
      <button type="button" onClick={onClick}>
        Invite an admin
      </button>
    ),
  },
  decorators: [underHost],
  beforeEach: () => {
    onClick.mockClear();
  },
};

export default meta;
type Story = StoryObj<typeof meta>;

export const Allowed: Story = {
  args: { resourceType: "seat:member" },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button"));
    await expect(onClick).toHaveBeenCalledOnce();
  },
};

export const Hidden: Story = {
  args: { fallback: <p>Ask somebody to leave first.</p> },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Ask somebody to leave first.")).toBeVisible();
    await expect(canvas.queryByRole("button")).not.toBeInTheDocument();
  },
};

export const Disabled: Story = {
  args: { mode: "disabled" },
  play: async ({ canvas, userEvent }) => {
    const button = await canvas.findByRole("button");
    await userEvent.tab();
    await expect(button).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await userEvent.click(button);
    await expect(onClick).not.toHaveBeenCalled();
    await expect(button).toHaveAccessibleDescription("Admin seats limit reached.");
  },
};

export const Upsell: Story = {
  args: { mode: "upsell", resourceType: "feature:audit" },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Audit log: not in your plan.")).toBeVisible();
    await expect(canvas.getByRole("link", { name: "Upgrade" })).toBeVisible();
  },
};

export const UpsellDark: Story = { ...Upsell, globals: { theme: "dark" } };

export const LongLabel: Story = {
  args: { mode: "upsell", resourceType: "feature:audit" },
  parameters: {
    host: {
      rows: [
        row({
          resourceType: "feature:audit",
          label: "Protokollierung".repeat(14),
          kind: "feature",
          limit: 0,
          current: 0,
        }),
      ],
    },
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/^(Protokollierung)+: not in your plan/)).toBeVisible();
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const Loading: Story = {
  args: { mode: "disabled" },
  parameters: { host: { rows: "never" } },
  play: async ({ canvas }) => {
    await expect(canvas.queryByRole("button")).not.toBeInTheDocument();
  },
};

export const Failed: Story = {
  args: { mode: "disabled" },
  parameters: { host: { rows: "fails" } },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Your plan could not be checked.")).toBeVisible();
  },
};
