import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { defineSeats } from "@x/entitlements-core/wire";
import type { ReactNode } from "react";
import { BillingCard } from "./billing-card/billing-card.tsx";
import { EntitlementGate } from "./entitlement-gate/entitlement-gate.tsx";
import { GatedNavItem } from "./entitlement-gate/gated-nav-item.tsx";
import { describePart } from "./fixtures/conformance.tsx";
import { limitProblem } from "./fixtures/problems.ts";
import { withRadixSelect } from "./fixtures/radix.ts";
import { Host } from "./fixtures/render.tsx";
import { everyStatus, response } from "./fixtures/usage.ts";
import { InviteForm } from "./invite-form/invite-form.tsx";
import { LimitAlert } from "./limit-alert/limit-alert.tsx";
import { PendingInvitations } from "./pending-invitations/pending-invitations.tsx";
import { RoleSelect } from "./role-select/role-select.tsx";
import { UsageBar } from "./usage-bar/usage-bar.tsx";
import { UsageList } from "./usage-list/usage-list.tsx";

const never = () => new Promise<never>(() => {});
const numbers = { label: "Projects", limit: 10, current: 12, reserved: 2 };
const loaded = (children: ReactNode) => (
  <Host fetcher={never} initialData={response("acme", ...everyStatus)}>
    {children}
  </Host>
);

describePart({ slot: "usage-bar", render: (given) => <UsageBar {...numbers} {...given} /> });
for (const part of ["label", "badge", "value", "track", "indicator", "reserved", "mark", "hint"] as const) {
  describePart({
    slot: `usage-bar-${part}`,
    render: (given) => <UsageBar {...numbers} slotProps={{ [part]: given }} />,
  });
}
describePart({
  slot: "usage-bar-retry",
  render: (retry) => <UsageBar label="Projects" status="error" onRetry={() => {}} slotProps={{ retry }} />,
});

describePart({ slot: "usage-list", render: (given) => loaded(<UsageList {...given} />) });
describePart({ slot: "usage-list-title", render: (title) => loaded(<UsageList slotProps={{ title }} />) });
const first = (resourceType: string) => resourceType === "seat:admin";
const one = { filter: (row: { readonly resourceType: string }) => first(row.resourceType), grouped: true };
describePart({
  slot: "usage-list-group-title",
  render: (groupTitle) => loaded(<UsageList {...one} slotProps={{ groupTitle }} />),
});
describePart({
  slot: "usage-list-items",
  render: (items) => loaded(<UsageList {...one} slotProps={{ items }} />),
});
describePart({
  slot: "usage-list-item",
  render: (item) => loaded(<UsageList {...one} slotProps={{ item }} />),
});
describePart({
  slot: "usage-list-message",
  render: (message) => loaded(<UsageList filter={() => false} slotProps={{ message }} />),
});

describePart({ slot: "limit-alert", render: (given) => <LimitAlert error={limitProblem} {...given} /> });
for (const part of ["panel", "body", "title", "hint", "actions", "dismiss"] as const) {
  describePart({
    slot: `limit-alert-${part}`,
    render: (given) => <LimitAlert error={limitProblem} onDismiss={() => {}} slotProps={{ [part]: given }} />,
  });
}

describePart({
  slot: "entitlement-gate",
  render: (given) =>
    loaded(
      <EntitlementGate resourceType="seat:admin" mode="disabled" {...given}>
        <button type="button">Invite</button>
      </EntitlementGate>,
    ),
});
describePart({
  slot: "gated-nav-item",
  render: (given) =>
    loaded(
      <GatedNavItem href="/usage" {...given}>
        Usage
      </GatedNavItem>,
    ),
});

withRadixSelect();
const buckets = [{ bucket: "seat:admin", label: "Admin seats", roles: ["admin"], limit: 2, current: 2 }];
describePart({ slot: "role-select", render: (given) => <RoleSelect label="Role" buckets={buckets} {...given} /> });
for (const part of ["label", "trigger", "reasons"] as const) {
  describePart({
    slot: `role-select-${part}`,
    render: (given) => <RoleSelect label="Role" buckets={buckets} slotProps={{ [part]: given }} />,
  });
}

for (const part of ["list", "option"] as const) {
  describePart({
    slot: `role-select-${part}`,
    render: (given) => <RoleSelect label="Role" buckets={buckets} slotProps={{ [part]: given }} />,
    reach: () => userEvent.click(screen.getByRole("combobox")),
  });
}

const seats = defineSeats({ "seat:admin": ["admin"] });
const form = { seats, onInvite: never };
describePart({ slot: "invite-form", render: (given) => loaded(<InviteForm {...form} {...given} />) });
for (const part of ["label", "addresses", "file", "submit"] as const) {
  describePart({
    slot: `invite-form-${part}`,
    render: (given) => loaded(<InviteForm {...form} slotProps={{ [part]: given }} />),
  });
}
for (const part of ["lines", "line"] as const) {
  describePart({
    slot: `invite-form-${part}`,
    render: (given) => loaded(<InviteForm {...form} slotProps={{ [part]: given }} />),
    reach: () => userEvent.type(screen.getByRole("textbox"), "ann@x.io"),
  });
}
const members = defineSeats({ "seat:member": ["member"] });
describePart({
  slot: "invite-form-fits",
  render: (fits) => loaded(<InviteForm {...form} seats={members} slotProps={{ fits }} />),
});

const pending = {
  invitations: [{ id: "1", email: "ann@x.io", role: "admin", expiresAt: "2030-01-01T00:00:00Z" }],
  onResend: never,
  onRevoke: never,
};
describePart({
  slot: "pending-invitations",
  render: (given) => loaded(<PendingInvitations {...pending} {...given} />),
});
for (const part of ["title", "items", "item", "resend", "revoke"] as const) {
  describePart({
    slot: `pending-invitations-${part}`,
    render: (given) => loaded(<PendingInvitations {...pending} slotProps={{ [part]: given }} />),
  });
}
describePart({
  slot: "pending-invitations-message",
  render: (message) => loaded(<PendingInvitations invitations={[]} slotProps={{ message }} />),
});

const plan = { name: "Pro" };
describePart({ slot: "billing-card", render: (given) => loaded(<BillingCard plan={plan} {...given} />) });
for (const part of ["title", "plan", "banner", "more"] as const) {
  describePart({
    slot: `billing-card-${part}`,
    render: (given) => loaded(<BillingCard plan={plan} filter={one.filter} slotProps={{ [part]: given }} />),
  });
}
