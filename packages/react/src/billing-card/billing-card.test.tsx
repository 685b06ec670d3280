import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { answering, type HostProps, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { BillingCard, type BillingCardProps } from "./billing-card.tsx";

const projects = row({ resourceType: "quota:project", label: "Projects", limit: 10, current: 3 });
const pro = { name: "Pro", renewsAt: "2026-12-01T00:00:00Z" };
const owner = { canManageBilling: true, upgradeUrl: "/upgrade" };
const admins = [{ name: "Ann Lee" }, { name: "Bob" }];

beforeEach(() => {
  vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 10, 28, 12));
});

function show(host: HostProps = {}, props: Partial<BillingCardProps> = {}) {
  const card = <BillingCard plan={pro} admins={admins} {...props} />;
  return renderUnder({ fetcher: answering(response("acme", projects)), ...host }, card);
}

const rows = (...entitlements: (typeof projects)[]) => ({ fetcher: answering(response("acme", ...entitlements)) });

test("plan, renewal and every bar", async () => {
  show();
  expect(await screen.findByRole("progressbar", { name: "Projects" })).toBeVisible();
  const card = within(screen.getByRole("region", { name: "Plan and usage" }));
  expect(card.getByText("Pro plan")).toBeVisible();
  expect(card.getByText("Renews in 3 days").closest("time")).toHaveAttribute("title", "Dec 1, 2026");
});

test("a plan that was cancelled ends, and one that runs on has no day", async () => {
  const { unmount } = show({}, { plan: { ...pro, isCancelled: true } });
  expect(await screen.findByText("Ends in 3 days")).toBeVisible();
  unmount();
  show({}, { plan: { name: "Pro", renewsAt: null } });
  expect(await screen.findByText("Pro plan")).toBeVisible();
  expect(screen.queryByText(/Renews/)).not.toBeInTheDocument();
});

test("banners name what is over, at and near the limit, the worst first, and no features", async () => {
  show(
    rows(
      row({ ...projects, resourceType: "quota:a", label: "Seats", current: 9, status: "near" }),
      row({ ...projects, resourceType: "quota:b", label: "Reports", current: 12, status: "over" }),
      row({ ...projects, resourceType: "quota:c", label: "Exports", current: 11, status: "over" }),
      row({ ...projects, resourceType: "quota:d", label: "Webhooks", current: 10, status: "at" }),
      row({ resourceType: "feature:sso", label: "SSO", kind: "feature", limit: 1, current: 1 }),
    ),
  );
  const over = await screen.findByText("Over limit: Reports and Exports.");
  const at = screen.getByText("Limit reached: Webhooks.");
  const near = screen.getByText("Near limit: Seats.");
  expect(over.compareDocumentPosition(at)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(at.compareDocumentPosition(near)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("an organisation without limits reads so", async () => {
  show(rows());
  expect(await screen.findByText("No limits configured")).toBeVisible();
});

test("a failure is no absence of limits, and one may try again", async () => {
  const fetcher = vi.fn().mockRejectedValueOnce(new Error("offline")).mockResolvedValue(response("acme", projects));
  show({ fetcher, swr: { shouldRetryOnError: false } });
  expect(await screen.findByText("Usage could not be loaded")).toBeVisible();
  expect(screen.queryByText("No limits configured")).not.toBeInTheDocument();
  expect(screen.getByText("Pro plan")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("progressbar", { name: "Projects" })).toBeVisible();
});

describe("the way to more", () => {
  test("whoever manages billing may upgrade, and the host hears of it", async () => {
    const onEvent = vi.fn();
    show({ ...owner, onEvent });
    expect(screen.queryByText(/Ann Lee/)).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("link", { name: "Upgrade" }));
    expect(onEvent).toHaveBeenCalledWith({ type: "upgrade-opened", orgId: "acme", resourceType: null });
  });

  test("it is left out where the host has none for whoever manages billing", () => {
    show({ canManageBilling: true });
    expect(screen.queryByText("Need more?")).not.toBeInTheDocument();
  });

  test("everybody else reads whom to ask", () => {
    show({ upgradeUrl: "/upgrade" });
    expect(screen.queryByRole("link", { name: "Upgrade" })).not.toBeInTheDocument();
    expect(screen.getByText("Ask Ann Lee and Bob.")).toBeVisible();
  });

  test("without a name it is the admin", () => {
    show({}, { admins: [] });
    expect(screen.getByText("Contact your admin.")).toBeVisible();
  });
});

test("plan and admins of another organisation than the one on screen are not shown", async () => {
  show({}, { orgId: "globex" });
  expect(await screen.findByRole("progressbar", { name: "Projects" })).toBeVisible();
  expect(screen.getByText("Loading plan")).toBeInTheDocument();
  expect(document.body).not.toHaveTextContent(/Pro plan|Ann Lee/);
});

test("a host without plans names none", () => {
  show({}, { plan: null });
  expect(screen.queryByText("Loading plan")).not.toBeInTheDocument();
});

test("what the host filters out is not named among what needs attention either", async () => {
  const hidden = row({ resourceType: "quota:internal", label: "Internal jobs", limit: 5, current: 5 });
  show(rows(projects, hidden), { filter: ({ resourceType }) => resourceType !== "quota:internal" });
  expect(await screen.findByRole("progressbar", { name: "Projects" })).toBeVisible();
  expect(document.body).not.toHaveTextContent("Internal jobs");
});
