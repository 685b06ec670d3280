import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { EntitlementGate, type GateMode } from "./entitlement-gate.tsx";

const modes: readonly GateMode[] = ["hidden", "disabled", "upsell"];
const full = row({ resourceType: "quota:project", label: "Projects", limit: 5, current: 5 });
const room = row({ resourceType: "quota:project", label: "Projects", limit: 5, current: 3 });

async function gate(mode: GateMode, answer: (endpoint: ReturnType<typeof deferredEndpoint>) => void, amount = 1) {
  const endpoint = deferredEndpoint();
  const onClick = vi.fn();
  renderUnder(
    { fetcher: endpoint.fetcher, canManageBilling: true, upgradeUrl: "/upgrade" },
    <EntitlementGate resourceType="quota:project" amount={amount} mode={mode} fallback={<i>instead</i>}>
      <button type="button" onClick={onClick} aria-describedby="own">
        Create
      </button>
    </EntitlementGate>,
  );
  await act(async () => answer(endpoint));
  return { onClick };
}

describe.each(modes)("%s", (mode) => {
  test("nothing is rendered while loading", async () => {
    await gate(mode, () => {});
    expect(document.body).toHaveTextContent(/^$/);
  });

  test("the action is there where it fits", async () => {
    const { onClick } = await gate(mode, ({ latest }) => latest("acme").answer(response("acme", room)), 2);
    const button = screen.getByRole("button", { name: "Create" });
    expect(button).not.toHaveAttribute("aria-disabled");
    await userEvent.click(button);
    expect(onClick).toHaveBeenCalledOnce();
  });

  test("the action cannot be taken where it is not known whether it fits", async () => {
    const { onClick } = await gate(mode, ({ latest }) => latest("acme").fail(new Error("offline")));
    for (const button of screen.queryAllByRole("button")) await userEvent.click(button);
    expect(onClick).not.toHaveBeenCalled();
    expect(screen.queryByRole("link", { name: "Upgrade" })).not.toBeInTheDocument();
  });
});

test("hidden shows what the host wants instead", async () => {
  await gate("hidden", ({ latest }) => latest("acme").answer(response("acme", full)));
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
  expect(screen.getByText("instead")).toBeVisible();
});

test("disabled keeps the action focusable, does nothing on click or Enter, and says why", async () => {
  const { onClick } = await gate("disabled", ({ latest }) => latest("acme").answer(response("acme", full)));
  const button = screen.getByRole("button", { name: "Create" });
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("Projects limit reached.");
  expect(button.getAttribute("aria-describedby")).toMatch(/^own /);
  await userEvent.tab();
  expect(button).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  await userEvent.click(button);
  expect(onClick).not.toHaveBeenCalled();
  expect(screen.getByText("Projects limit reached.")).toBeVisible();
});

test("upsell shows the reason and the way to more", async () => {
  await gate("upsell", ({ latest }) => latest("acme").answer(response("acme", full)));
  expect(screen.getByText("Projects limit reached.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Upgrade" })).toHaveAttribute("href", "/upgrade");
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

test("a function as the child gets the answer and decides itself", async () => {
  const { fetcher, latest } = deferredEndpoint();
  renderUnder(
    { fetcher },
    <EntitlementGate resourceType="quota:project" mode="disabled">
      {({ allowed, reason }) => <button type="button">{allowed ? "Create" : `No: ${reason}`}</button>}
    </EntitlementGate>,
  );
  await act(async () => latest("acme").answer(response("acme", full)));
  expect(screen.getByRole("button", { name: "No: limit" })).toHaveAttribute("aria-disabled", "true");
});

test("disabled also keeps a menu shut that opens before the click, and lets one leave", async () => {
  const handlers = { onPointerDown: vi.fn(), onKeyDown: vi.fn() };
  const onKey = vi.fn();
  const endpoint = deferredEndpoint();
  renderUnder(
    { fetcher: endpoint.fetcher },
    // biome-ignore lint/a11y/noStaticElementInteractions: a dialog that listens for Escape
    <div onKeyDown={({ key }) => onKey(key)}>
      <EntitlementGate resourceType="quota:project" mode="disabled">
        <button type="button" {...handlers}>
          New
        </button>
      </EntitlementGate>
    </div>,
  );
  await act(async () => endpoint.latest("acme").answer(response("acme", full)));
  await userEvent.click(screen.getByRole("button", { name: "New" }));
  await userEvent.keyboard("{Enter} {ArrowDown}");
  expect(handlers.onPointerDown).not.toHaveBeenCalled();
  expect(handlers.onKeyDown).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}{Tab}");
  expect(onKey.mock.calls).toEqual([["Escape"], ["Tab"]]);
  expect(screen.getByRole("button", { name: "New" })).not.toHaveFocus();
});

test("within a menu the arrows lead on from a disabled entry, and Enter does nothing", async () => {
  const onKey = vi.fn();
  const endpoint = deferredEndpoint();
  renderUnder(
    { fetcher: endpoint.fetcher },
    <div role="menu" tabIndex={-1} onKeyDown={({ key }) => onKey(key)}>
      <EntitlementGate resourceType="quota:project" mode="disabled">
        <button type="button" role="menuitem">
          New
        </button>
      </EntitlementGate>
    </div>,
  );
  await act(async () => endpoint.latest("acme").answer(response("acme", full)));
  await userEvent.tab();
  expect(screen.getByRole("menuitem", { name: "New" })).toHaveFocus();
  await userEvent.keyboard("{Enter} {ArrowRight}{ArrowDown}{ArrowUp}");
  expect(onKey.mock.calls).toEqual([["ArrowDown"], ["ArrowUp"]]);
});
