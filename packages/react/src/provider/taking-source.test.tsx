import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { defineSeats } from "@x/entitlements-core/wire";
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

withRadixSelect();

const seats = defineSeats({ "seat:admin": ["admin"], "seat:member": ["member"] });
const acme = response(
  "acme",
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 2, current: 2 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 7, reserved: 1 }),
);
const source = { usage: acme };
const invitation = { id: "1", email: "ivo@example.com", role: "member", expiresAt: "2026-12-01T00:00:00Z" };

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
      <UsageList source={{ usage: null }} />
      <EntitlementGate source={{ usage: null }} resourceType="seat:member">
        <button type="button">Invite</button>
      </EntitlementGate>
    </>,
  );
  expect(screen.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  expect(screen.queryByRole("button", { name: "Invite" })).not.toBeInTheDocument();
});

test('a failure of the host\'s wins over the usage, is never "no limits", and can be tried again', async () => {
  const refresh = vi.fn(async () => {});
  render(<UsageList source={{ ...source, error: new Error("offline"), refresh }} />);
  expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  expect(screen.queryByText("No limits configured")).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refresh).toHaveBeenCalledOnce();
});

test("a refusal keeps what was typed and asks the host for the usage once", async () => {
  const refresh = vi.fn(async () => {});
  const refuse = async () => ({ error: { ...limitProblem, resourceType: "seat:member" } });
  render(<InviteForm source={{ ...source, refresh }} seats={seats} defaultRole="member" onInvite={refuse} />);
  await userEvent.type(screen.getByRole("textbox"), "ann@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
  expect(await screen.findByText("Member seats limit reached")).toBeVisible();
  expect(screen.getByRole("textbox")).toHaveValue("ann@example.com");
  expect(refresh).toHaveBeenCalledOnce();
});

test("what was typed for one organisation is not there for the next", async () => {
  const globex = response("globex", ...acme.entitlements);
  const form = (usage: typeof acme) => <InviteForm source={{ usage }} seats={seats} onInvite={async () => {}} />;
  const { rerender } = render(form(acme));
  await userEvent.type(screen.getByRole("textbox"), "secret@example.com");
  rerender(form({ ...acme }));
  expect(screen.getByRole("textbox")).toHaveValue("secret@example.com");
  rerender(form(globex));
  await waitFor(() => expect(screen.getByRole("textbox")).toHaveValue(""));
});

test("a row that cannot be understood is an error in its own row", () => {
  const garbled = { ...acme, entitlements: [...acme.entitlements, JSON.parse(`{ "resourceType": "quota:disk" }`)] };
  render(<UsageList source={{ usage: garbled }} />);
  expect(screen.getAllByRole("progressbar")).toHaveLength(2);
  expect(screen.getByText("Usage could not be loaded")).toBeVisible();
});
