import { act, screen } from "@testing-library/react";
import { defineSeats } from "@x/entitlements-core/wire";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test, vi } from "vitest";
import { BillingCard } from "../billing-card/billing-card.tsx";
import { EntitlementGate } from "../entitlement-gate/entitlement-gate.tsx";
import { GatedNavItem } from "../entitlement-gate/gated-nav-item.tsx";
import { limitProblem } from "../fixtures/problems.ts";
import { withRadixSelect } from "../fixtures/radix.ts";
import { Host, type HostProps } from "../fixtures/render.tsx";
import { everyStatus, response, row } from "../fixtures/usage.ts";
import { InviteForm } from "../invite-form/invite-form.tsx";
import { LimitAlert } from "../limit-alert/limit-alert.tsx";
import { PendingInvitations } from "../pending-invitations/pending-invitations.tsx";
import { RoleSelect } from "../role-select/role-select.tsx";
import { UsageBar } from "../usage-bar/usage-bar.tsx";
import { UsageList } from "../usage-list/usage-list.tsx";

withRadixSelect();

const resetsAt = "2026-12-01T12:00:00.000Z";
const usage = response("acme", ...everyStatus, row({ resourceType: "quota:mail", label: "Mails", resetsAt }));
const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const never = () => new Promise<never>(() => {});
const pending = [
  { id: "1", email: "ann@x.io", role: "admin", expiresAt: "2026-11-29T06:00:00Z" },
  { id: "2", email: "bob@x.io", role: "member", expiresAt: resetsAt },
];
const page = (props: HostProps) => (
  <Host fetcher={never} {...props}>
    <UsageList grouped sort="severity" />
    <UsageBar label="Plain" limit={10} current={12} resetsAt={resetsAt} />
    <LimitAlert error={limitProblem} onDismiss={() => {}} />
    <GatedNavItem href="/usage">Billing</GatedNavItem>
    <GatedNavItem href="/audit" resourceType="feature:audit" mode="disabled">
      Audit
    </GatedNavItem>
    {(["hidden", "disabled", "upsell"] as const).map((mode) => (
      <EntitlementGate key={mode} resourceType="quota:report" mode={mode}>
        <button type="button">Create</button>
      </EntitlementGate>
    ))}
    <RoleSelect label="Connected" seats={seats} defaultValue="member" />
    <RoleSelect label="Plain" buckets={[{ bucket: "seat:admin", label: "Admin seats", roles: ["admin"], limit: 0 }]} />
    <InviteForm seats={seats} onInvite={never} />
    <PendingInvitations seats={seats} invitations={pending} onResend={never} onRevoke={never} />
    <BillingCard plan={{ name: "Pro", renewsAt: resetsAt }} admins={[{ name: "Ann" }, { name: "Bob" }]} />
  </Host>
);

const ownPage = ({ locale }: HostProps) => {
  const source = { orgId: "acme", usage, locale };
  return (
    <>
      <UsageList source={source} />
      <BillingCard source={source} plan={{ name: "Pro", renewsAt: resetsAt }} />
      <InviteForm source={{ ...source, usage: undefined }} seats={seats} onInvite={never} />
      <PendingInvitations source={source} seats={seats} invitations={pending} onRevoke={never} />
    </>
  );
};

afterEach(() => {
  document.body.innerHTML = "";
  delete process.env["TZ"];
});

async function hydrate(props: HostProps, pageOf = page) {
  process.env["TZ"] = "Pacific/Kiritimati";
  vi.useFakeTimers({ now: new Date("2026-11-28T12:00:00Z"), toFake: ["Date"] });
  const html = renderToString(pageOf(props));
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  // The browser has another clock and lies in another time zone than the server.
  process.env["TZ"] = "America/Los_Angeles";
  vi.setSystemTime(new Date("2026-11-29T13:37:00Z"));
  const onRecoverableError = vi.fn();
  const root = await act(async () => hydrateRoot(container, pageOf(props), { onRecoverableError }));
  expect(onRecoverableError).not.toHaveBeenCalled();
  return { html, unmount: () => act(async () => root.unmount()) };
}

test.each(["en", "de", "ar-EG", "fa"])(
  "what the server rendered with data in %s is taken over as it is by every component",
  async (locale) => {
    const { html, unmount } = await hydrate({ initialData: usage, locale });
    for (const part of ["Reports", "Billing", "Audit", "ann@x.io", "Pro plan", "Ask Ann"]) expect(html).toContain(part);
    await unmount();
  },
);

test("what the server rendered with usage of the host's own is taken over as it is", async () => {
  const { html, unmount } = await hydrate({ locale: "de" }, ownPage);
  expect(html).toContain("Reports");
  await unmount();
});

test("after hydration things tell how far away they are", async () => {
  const { html, unmount } = await hydrate({ initialData: usage, locale: "en" });
  expect(html).toContain("Resets Dec 1, 2026");
  expect(screen.getAllByText("Resets in 2 days")).toHaveLength(3);
  expect(html).toContain("Expires Nov 29, 2026");
  expect(screen.getByText("Expired")).toBeVisible();
  await unmount();
});

test("without data the server renders the skeleton, and nothing behind a gate", async () => {
  const { html, unmount } = await hydrate({});
  expect(html).toContain('data-status="loading"');
  expect(html).not.toContain("Billing");
  expect(html).not.toContain("Create");
  await unmount();
});

test("data of another organisation is not rendered on the server either", async () => {
  const { html, unmount } = await hydrate({ initialData: usage, orgId: "globex" });
  expect(html).not.toContain("Reports");
  await unmount();
});
