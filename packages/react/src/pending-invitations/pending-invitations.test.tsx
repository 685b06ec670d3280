import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { defineSeats } from "@x/entitlements-core/wire";
import { beforeEach, expect, test, vi } from "vitest";
import { limitProblem } from "../fixtures/problems.ts";
import { answering, Host, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { PendingInvitations, type PendingInvitationsProps } from "./pending-invitations.tsx";

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const usage = response(
  "acme",
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 5, current: 3, reserved: 1 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: null, current: 3, reserved: 1 }),
);
const ann = { id: "1", email: "ann@x.io", role: "admin", expiresAt: "2026-11-30T12:00:00Z" };
const bob = { id: "2", email: "bob@x.io", role: "member", expiresAt: new Date("2026-11-27T12:00:00Z") };

beforeEach(() => {
  vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 10, 28, 12));
});

const done = async () => ({ error: null });

function show(given: Partial<PendingInvitationsProps> = {}) {
  const list = (props: Partial<PendingInvitationsProps> = {}) => (
    <PendingInvitations invitations={[ann, bob]} {...{ seats, onResend: done, onRevoke: done }} {...given} {...props} />
  );
  const fetcher = vi.fn(answering(usage));
  const host = { fetcher, canManageBilling: true, usageUrl: "/usage" };
  const view = renderUnder(host, list());
  return { ...view, list, host, fetcher, user: userEvent.setup() };
}

const itemOf = (email: string) => {
  const item = screen.getByText(email).closest("li");
  if (!item) throw new Error(`${email} is in no row.`);
  return within(item);
};
const revoke = (email: string) => screen.getByRole("button", { name: `Revoke ${email}` });

test("each invitation says when it ends, with the day in the title", () => {
  show();
  expect(screen.getByText("Expires in 2 days").closest("time")).toHaveAttribute("title", "Nov 30, 2026");
  expect(itemOf("bob@x.io").getByText("Expired")).toBeVisible();
});

test("revoking says what it frees, where the seats have a limit and open invitations take them", async () => {
  show({
    invitations: [
      ann,
      { ...bob, expiresAt: ann.expiresAt },
      { ...ann, id: "3", email: "old@x.io", expiresAt: bob.expiresAt },
    ],
  });
  expect(await screen.findByText("Frees 1 admin seat")).toBeVisible();
  expect(revoke("ann@x.io")).toHaveAccessibleDescription("Frees 1 admin seat");
  expect(revoke("bob@x.io")).not.toHaveAccessibleDescription();
  expect(revoke("old@x.io")).not.toHaveAccessibleDescription();
});

test("revoking calls once for a double click, is announced, and the usage is loaded again", async () => {
  let answer: (value: unknown) => void = () => {};
  const onRevoke = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  const { user, fetcher } = show({ onRevoke });
  await waitFor(() => expect(fetcher).toHaveBeenCalledOnce());
  await user.dblClick(revoke("ann@x.io"));
  expect(onRevoke).toHaveBeenCalledExactlyOnceWith(ann);
  expect(revoke("ann@x.io")).toHaveAttribute("aria-disabled", "true");
  expect(revoke("ann@x.io")).toHaveFocus();
  expect(itemOf("ann@x.io").getByText("Revoking…")).toBeVisible();
  expect(revoke("bob@x.io")).toHaveAttribute("aria-disabled", "false");
  await act(async () => answer({ error: null }));
  expect(screen.getByRole("status")).toHaveTextContent("The invitation of ann@x.io is revoked");
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(2));
});

test("when the row goes the list takes the focus", async () => {
  const { user, list, host, update } = show();
  await user.click(revoke("ann@x.io"));
  await screen.findAllByText("The invitation of ann@x.io is revoked");
  update(host, list({ invitations: [bob] }));
  expect(screen.queryByText("ann@x.io")).not.toBeInTheDocument();
  expect(document.activeElement).toContainElement(screen.getByRole("list"));
});

test.each([
  ["thrown", () => Promise.reject(new Error("offline"))],
  ["an error object", async () => ({ data: null, error: { status: 500 } })],
])("a failure that is %s is told in its row only, and can be repeated", async (_, call) => {
  const onResend = vi.fn<() => Promise<unknown>>(call);
  const { user } = show({ onResend });
  await user.click(screen.getByRole("button", { name: "Resend ann@x.io" }));
  expect(await itemOf("ann@x.io").findByText("The invitation of ann@x.io could not be sent again")).toBeVisible();
  expect(itemOf("bob@x.io").queryByText(/could not/)).not.toBeInTheDocument();
  onResend.mockImplementation(done);
  await user.click(screen.getByRole("button", { name: "Resend ann@x.io" }));
  expect(await itemOf("ann@x.io").findByText("The invitation of ann@x.io is sent again")).toBeVisible();
});

test("an invitation that cannot be sent again for want of a seat leads on", async () => {
  const { user } = show({ onResend: async () => ({ error: { ...limitProblem, resourceType: "seat:admin" } }) });
  await user.click(screen.getByRole("button", { name: "Resend ann@x.io" }));
  expect(await itemOf("ann@x.io").findByText("Admin seats limit reached")).toBeVisible();
  expect(itemOf("ann@x.io").getByRole("link", { name: "See usage" })).toHaveAttribute("href", "/usage");
});

test("loading, failed and empty are told apart", async () => {
  const onRetry = vi.fn();
  const { list, host, update, user } = show({ invitations: undefined, onRetry });
  expect(screen.getByRole("region", { name: "Open invitations" })).toHaveAttribute("aria-busy", "true");
  update(host, list({ invitations: [], error: new Error("offline") }));
  expect(screen.getByText("Invitations could not be loaded")).toBeVisible();
  expect(screen.queryByText("No open invitations")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
  update(host, list({ invitations: [] }));
  expect(screen.getByText("No open invitations")).toBeVisible();
});

test("invitations of another organisation than the one on screen are not shown", () => {
  show({ orgId: "globex" });
  expect(screen.getByText("Loading invitations")).toBeInTheDocument();
  expect(document.body).not.toHaveTextContent("ann@x.io");
});

test("how a call ended is not told to the next organisation", async () => {
  let answer: (value: unknown) => void = () => {};
  const onRevoke = () => new Promise<unknown>((resolve) => (answer = resolve));
  const { user, list, host, update } = show({ onRevoke });
  await user.click(revoke("ann@x.io"));
  update({ ...host, orgId: "globex" }, list({ invitations: [] }));
  await act(async () => answer({ error: null }));
  expect(document.body).not.toHaveTextContent("ann@x.io");
});

test("without calls there are no buttons", () => {
  render(
    <Host fetcher={() => new Promise(() => {})}>
      <PendingInvitations invitations={[ann]} />
    </Host>,
  );
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
