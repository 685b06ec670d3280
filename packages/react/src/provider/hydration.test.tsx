import { act, screen } from "@testing-library/react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test, vi } from "vitest";
import { EntitlementGate } from "../entitlement-gate/entitlement-gate.tsx";
import { GatedNavItem } from "../entitlement-gate/gated-nav-item.tsx";
import { limitProblem } from "../fixtures/problems.ts";
import { Host, type HostProps } from "../fixtures/render.tsx";
import { everyStatus, response, row } from "../fixtures/usage.ts";
import { LimitAlert } from "../limit-alert/limit-alert.tsx";
import { UsageBar } from "../usage-bar/usage-bar.tsx";
import { UsageList } from "../usage-list/usage-list.tsx";

const resetsAt = "2026-12-01T12:00:00.000Z";
const usage = response("acme", ...everyStatus, row({ resourceType: "quota:mail", label: "Mails", resetsAt }));
const page = (props: HostProps) => (
  <Host fetcher={() => new Promise<never>(() => {})} {...props}>
    <UsageList grouped sort="severity" />
    <UsageBar label="Plain" limit={10} current={12} resetsAt={resetsAt} />
    <LimitAlert error={limitProblem} />
    <GatedNavItem href="/usage">Billing</GatedNavItem>
    <EntitlementGate resourceType="quota:report" mode="disabled">
      <button type="button">Create</button>
    </EntitlementGate>
  </Host>
);

afterEach(() => {
  document.body.innerHTML = "";
});

async function hydrate(props: HostProps) {
  vi.useFakeTimers({ now: new Date("2026-11-28T12:00:00Z"), toFake: ["Date"] });
  const html = renderToString(page(props));
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  // The browser's clock is another one than the server's.
  vi.setSystemTime(new Date("2026-11-29T13:37:00Z"));
  const onRecoverableError = vi.fn();
  const root = await act(async () => hydrateRoot(container, page(props), { onRecoverableError }));
  expect(onRecoverableError).not.toHaveBeenCalled();
  return { html, unmount: () => act(async () => root.unmount()) };
}

test("what the server rendered with data is taken over as it is, and then tells how far away things are", async () => {
  const { html, unmount } = await hydrate({ initialData: usage, locale: "en" });
  expect(html).toContain("Reports");
  expect(html).toContain("Resets Dec 1, 2026");
  expect(screen.getAllByText("Resets in 2 days")).toHaveLength(2);
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
