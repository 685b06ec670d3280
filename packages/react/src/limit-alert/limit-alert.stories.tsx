import type { Meta, StoryObj } from "@storybook/react-vite";
import { type FormEvent, type ReactElement, useState } from "react";
import { expect } from "storybook/test";
import { featureProblem, limitProblem } from "../fixtures/problems.ts";
import { underShadcnTokens } from "../fixtures/shadcn-tokens.tsx";
import { underHost } from "../fixtures/story-host.tsx";
import { useEnforcedMutation } from "../hooks/use-enforced-mutation.ts";
import { LimitAlert } from "./limit-alert.tsx";

const meta: Meta<typeof LimitAlert> = {
  title: "LimitAlert",
  component: LimitAlert,
  args: { error: limitProblem, label: "Projects" },
  decorators: [(Story) => <div style={{ maxInlineSize: "32rem" }}>{Story()}</div>, underHost],
};

export default meta;
type Story = StoryObj<typeof meta>;

export const ForThoseWhoManageBilling: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("alert")).toHaveTextContent("Projects limit reached");
    await expect(canvas.getByRole("link", { name: "Upgrade" })).toBeVisible();
    await expect(canvas.getByRole("link", { name: "See usage" })).toBeVisible();
  },
};

export const ForEverybodyElse: Story = {
  parameters: { host: { canManageBilling: false } },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Contact your admin.")).toBeVisible();
    await expect(canvas.queryByRole("link")).not.toBeInTheDocument();
  },
};

export const FeatureOff: Story = {
  args: { error: featureProblem, label: "Single sign-on" },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("alert")).toHaveTextContent("Single sign-on is not in your plan");
  },
};

export const Dismissible: Story = {
  args: { onDismiss: () => {} },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("alert")).toHaveTextContent("Projects limit reached");
    await expect(canvas.getByRole("button", { name: "Dismiss" })).toBeVisible();
  },
};

export const Dark: Story = { ...Dismissible, globals: { theme: "dark" } };
export const RightToLeft: Story = { ...Dismissible, globals: { direction: "rtl" } };
export const TextTwiceAsLarge: Story = { ...Dismissible, globals: { textSize: "200%" } };

export const LongLabel: Story = {
  args: { onDismiss: () => {}, label: "Automatisierungsumgebungen".repeat(8) },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.scrollWidth).toBeLessThanOrEqual(canvasElement.clientWidth);
  },
};

export const ShadcnTokens: Story = { ...ForThoseWhoManageBilling, decorators: [underShadcnTokens] };
export const ShadcnTokensDark: Story = { ...ShadcnTokens, globals: { theme: "dark" } };

export const NothingToTell: Story = {
  args: { error: null },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("alert")).toBeEmptyDOMElement();
  },
};

const refuse = async (_name: FormDataEntryValue | null) => new Response(JSON.stringify(limitProblem), { status: 402 });

function ProjectForm(): ReactElement {
  const { run, limitError, isPending, reset } = useEnforcedMutation(refuse);
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(name);
  };
  return (
    <form onSubmit={submit} style={{ display: "grid", gap: "0.75rem" }}>
      <label>
        Name <input value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" aria-disabled={isPending}>
        Create project
      </button>
      <LimitAlert error={limitError} onDismiss={reset} />
    </form>
  );
}

/** A form whose request is refused: what was typed stays. */
export const InAForm: Story = {
  render: () => <ProjectForm />,
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(canvas.getByRole("textbox", { name: "Name" }), "Atlas");
    await userEvent.click(canvas.getByRole("button", { name: "Create project" }));
    await expect(await canvas.findByText("Projects limit reached")).toBeVisible();
    await expect(canvas.getByRole("textbox", { name: "Name" })).toHaveValue("Atlas");
  },
};
