import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { defineSeats } from "@x/entitlements-core/wire";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { BillingCard } from "../billing-card/billing-card.tsx";
import { EntitlementGate } from "../entitlement-gate/entitlement-gate.tsx";
import { GatedNavItem } from "../entitlement-gate/gated-nav-item.tsx";
import { limitProblem } from "../fixtures/problems.ts";
import { withRadixSelect } from "../fixtures/radix.ts";
import { response, row } from "../fixtures/usage.ts";
import { InviteForm } from "../invite-form/invite-form.tsx";
import { PendingInvitations } from "../pending-invitations/pending-invitations.tsx";
import { UsageList } from "../usage-list/usage-list.tsx";
import type { UsageSource } from "./taking-source.tsx";

withRadixSelect();

const seats = defineSeats({ "seat:admin": ["admin"], "seat:member": ["member"] });
const acme = response(
  "acme",
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 2, current: 2 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 7, reserved: 1 }),
);
const globex = response("globex", row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 2 }));
const source: UsageSource = { orgId: "acme", usage: acme };
const refuse = async () => ({ error: { ...limitProblem, resourceType: "seat:member" } });
const invitation = { id: "1", email: "ivo@example.com", role: "member", expiresAt: "2026-12-01T00:00:00Z" };

/** A host that has no usage while it loads it again. */
function Members() {
  const [usage, setUsage] = useState<UsageSource["usage"]>(acme);
  const refresh = async () => setUsage(null);
  return <InviteForm source={{ ...source, usage, refresh }} seats={seats} defaultRole="member" onInvite={refuse} />;
}

test("every component works without a provider, with usage of the host's own", async () => {
  render(
    <>
      <UsageList source={source} heading="List" />
      <BillingCard source={{ ...source, canManageBilling: true, upgradeUrl: "/plan" }} plan={{ name: "Pro" }} />
      <EntitlementGate source={source} resourceType="seat:member">
        <button type="button">Invite</button>
      </EntitlementGate>
      <nav>
        <GatedNavItem source={source} href="/billing">
          Billing
        </GatedNavItem>
      </nav>
      <InviteForm source={source} seats={seats} onInvite={async () => {}} />
      <PendingInvitations source={source} seats={seats} invitations={[invitation]} onRevoke={async () => {}} />
    </>,
  );
  expect(screen.getAllByRole("progressbar", { name: "Admin seats" })).toHaveLength(2);
  expect(screen.getByRole("link", { name: "Upgrade" })).toHaveAttribute("href", "/plan");
  expect(screen.getByRole("button", { name: "Invite" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Billing" })).toBeVisible();
  expect(screen.getByText("Member seats: 3 free")).toBeVisible();
  expect(screen.getByText("Frees 1 member seat")).toBeVisible();
});

test("usage that is not there yet is loading, and denied", () => {
  render(
    <>
      <UsageList source={{ orgId: "acme", usage: null }} />
      <EntitlementGate source={{ orgId: "acme", usage: null }} resourceType="seat:member">
        <button type="button">Invite</button>
      </EntitlementGate>
    </>,
  );
  expect(screen.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  expect(screen.queryByRole("button", { name: "Invite" })).not.toBeInTheDocument();
});

test('a failure of the host\'s is never "no limits", and can be tried again, also in vain', async () => {
  const refresh = vi.fn(async () => Promise.reject(new Error("still offline")));
  render(<UsageList source={{ orgId: "acme", usage: undefined, error: new Error("offline"), refresh }} />);
  expect(screen.queryByText("No limits configured")).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refresh).toHaveBeenCalledOnce();
});

test("a failure beside usage marks it as not current, and one that says that it may not be seen hides it", () => {
  const { rerender } = render(<UsageList source={{ ...source, error: new Error("offline") }} />);
  expect(screen.getAllByRole("progressbar")).toHaveLength(2);
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  rerender(<UsageList source={{ ...source, error: Object.assign(new Error("no"), { status: 403 }) }} />);
  expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  expect(screen.getByText("Usage could not be loaded")).toBeVisible();
});

test("usage of another organisation than the one on screen is loading, and of none too", () => {
  const { rerender } = render(<UsageList source={source} />);
  for (const next of ["globex", null, ""]) {
    rerender(<UsageList source={{ ...source, orgId: next }} />);
    expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
    expect(screen.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  }
  rerender(<UsageList source={{ ...source, orgId: "globex", error: new Error("offline") }} />);
  expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  expect(screen.getByText("Usage could not be loaded")).toBeVisible();
});

test.each([`{ "error": "no session" }`, `{ "orgId": "acme", "entitlements": [3] }`, `"<html>"`])(
  "what is no usage, %s, is a failure to load and not one to render",
  (body) => {
    render(<UsageList source={{ orgId: "acme", usage: JSON.parse(body) }} />);
    expect(screen.getByText("Usage could not be loaded")).toBeVisible();
  },
);

test("a refusal keeps what was typed and asks the host for the usage once", async () => {
  const refresh = vi.fn(async () => {});
  render(<InviteForm source={{ ...source, refresh }} seats={seats} defaultRole="member" onInvite={refuse} />);
  await userEvent.type(screen.getByRole("textbox"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
  expect(await screen.findByText("Member seats limit reached")).toBeVisible();
  expect(screen.getByRole("textbox")).toHaveValue("ann@example.com");
  expect(refresh).toHaveBeenCalledOnce();
});

test("a host whose usage is gone while it loads again keeps what was typed and the refusal", async () => {
  render(<Members />);
  await userEvent.type(screen.getByRole("textbox"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
  expect(await screen.findByText(/limit reached/i)).toBeVisible();
  expect(screen.getByRole("textbox")).toHaveValue("ann@example.com");
});

test("what was typed for one organisation is not there for the next", async () => {
  const form = (given: UsageSource) => <InviteForm source={given} seats={seats} onInvite={async () => {}} />;
  const { rerender } = render(form(source));
  await userEvent.type(screen.getByRole("textbox"), "secret@example.com");
  rerender(form({ ...source, usage: { ...acme } }));
  expect(screen.getByRole("textbox")).toHaveValue("secret@example.com");
  rerender(form({ orgId: "globex", usage: acme }));
  await waitFor(() => expect(screen.getByRole("textbox")).toHaveValue(""));
  rerender(form({ orgId: "globex", usage: globex }));
  await userEvent.type(screen.getByRole("textbox"), "other@example.com");
  rerender(form(source));
  await waitFor(() => expect(screen.getByRole("textbox")).toHaveValue(""));
});

test("a call that ends on another organisation's screen tells the host nothing", async () => {
  const said = vi.fn();
  const calls: (() => void)[] = [];
  const pending = () => new Promise((resolve) => calls.push(() => resolve(refuse())));
  const form = (given: UsageSource) => (
    <InviteForm
      source={{ ...given, refresh: said, onEvent: said }}
      seats={seats}
      defaultRole="member"
      onInvite={pending}
      onSent={said}
    />
  );
  const { rerender } = render(form(source));
  await userEvent.type(screen.getByRole("textbox"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
  rerender(form({ orgId: "globex", usage: globex }));
  await act(async () => calls.forEach((end) => void end()));
  expect(calls).toHaveLength(1);
  expect(said).not.toHaveBeenCalled();
  expect(screen.getByRole("alert")).toBeEmptyDOMElement();
});

test("a call that ends after its form has gone still has the usage loaded again", async () => {
  const refresh = vi.fn();
  const onSent = vi.fn();
  const calls: (() => void)[] = [];
  const pending = () => new Promise<void>((resolve) => calls.push(resolve));
  const { unmount } = render(
    <InviteForm
      source={{ ...source, refresh }}
      seats={seats}
      defaultRole="member"
      onInvite={pending}
      onSent={onSent}
    />,
  );
  await userEvent.type(screen.getByRole("textbox"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
  unmount();
  await act(async () => calls.forEach((end) => void end()));
  expect(refresh).toHaveBeenCalledOnce();
  expect(onSent).toHaveBeenCalledOnce();
});

test("a row that cannot be understood is an error in its own row", () => {
  const garbled = { ...acme, entitlements: [...acme.entitlements, JSON.parse(`{ "resourceType": "quota:disk" }`)] };
  render(<UsageList source={{ orgId: "acme", usage: garbled }} />);
  expect(screen.getAllByRole("progressbar")).toHaveLength(2);
  expect(screen.getByText("Usage could not be loaded")).toBeVisible();
});
