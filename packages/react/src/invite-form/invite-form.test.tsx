import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { LimitReachedError } from "@x/entitlements-core/errors";
import { defineSeats, type UsageResponse } from "@x/entitlements-core/wire";
import { describe, expect, test, vi } from "vitest";
import { limitProblem } from "../fixtures/problems.ts";
import { withRadixSelect } from "../fixtures/radix.ts";
import { type HostProps, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { InviteForm, type InviteFormProps } from "./invite-form.tsx";

withRadixSelect();

const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const used = (admins: number, members: number): UsageResponse =>
  response(
    "acme",
    row({ resourceType: "seat:admin", label: "Admin seats", limit: 5, current: admins }),
    row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: members }),
  );

type Role = "owner" | "admin" | "member";

async function show(given: Partial<InviteFormProps<Role>> = {}, usage = used(2, 3), host: HostProps = {}) {
  const fetcher = vi.fn(async () => usage);
  const onInvite = vi.fn<(email: string, role: Role) => Promise<unknown>>(async () => ({ data: {}, error: null }));
  const urls = { usageUrl: "/usage", upgradeUrl: "/upgrade", canManageBilling: true };
  const form = <InviteForm seats={seats} onInvite={onInvite} defaultRole="member" {...given} />;
  const view = renderUnder({ fetcher, ...urls, ...host }, form);
  await waitFor(() => expect(screen.queryByText("Checking your plan…")).not.toBeInTheDocument());
  return { ...view, fetcher, onInvite, user: userEvent.setup() };
}

const field = () => screen.getByRole("textbox", { name: "E-mail addresses" });
const submit = () => screen.getByRole("button", { name: /^Send/ });
const marks = () => within(screen.getByRole("list", { name: /to invite$/ })).getAllByRole("listitem");
const texts = () => marks().map(({ textContent }) => textContent);
const news = () => screen.getByRole("status");

test("one address is typed and sent, and the field is empty for the next", async () => {
  const onSent = vi.fn();
  const { user, onInvite, fetcher } = await show({ onSent });
  await user.type(field(), "ann@x.io");
  await user.click(submit());
  await waitFor(() => expect(news()).toHaveTextContent("1 invitation sent."));
  expect(onInvite).toHaveBeenCalledExactlyOnceWith("ann@x.io", "member");
  expect(onSent).toHaveBeenCalledExactlyOnceWith(["ann@x.io"], "member");
  expect(field()).toHaveValue("");
  expect(texts()).toEqual(["ann@x.ioInvitation sent"]);
  expect(fetcher).toHaveBeenCalledTimes(2);
});

test("what cannot be invited is marked line by line, and only the others are sent", async () => {
  const { user, onInvite } = await show({ members: ["mia@x.io"], invited: ["ivo@x.io"] });
  await user.click(field());
  await user.paste("ann@x.io; Ann@x.io, bob@x mia@x.io\nivo@x.io");
  await user.tab();
  expect(texts()).toEqual([
    "ann@x.ioReady",
    "Ann@x.ioListed twice",
    "bob@xNot an e-mail address",
    "mia@x.ioAlready a member",
    "ivo@x.ioAlready invited",
  ]);
  expect(field()).toBeInvalid();
  await user.click(submit());
  await waitFor(() => expect(news()).toHaveTextContent("1 invitation sent."));
  expect(onInvite).toHaveBeenCalledTimes(1);
  // There is something left to mend, so nothing of it goes away.
  expect(field()).toHaveValue("ann@x.io; Ann@x.io, bob@x mia@x.io\nivo@x.io");
  expect(texts()[0]).toBe("ann@x.ioInvitation sent");
});

test("a CSV file adds its addresses to what was typed", async () => {
  const { user } = await show();
  await user.type(field(), "ann@x.io");
  const csv = new File(["Name,Email\nBob,bob@x.io\nCarl,carl@x.io\n"], "team.csv", { type: "text/csv" });
  await user.upload(screen.getByLabelText("Add from a CSV file"), csv);
  await waitFor(() => expect(field()).toHaveValue("ann@x.io\nbob@x.io\ncarl@x.io"));
  expect(news()).toHaveTextContent("2 addresses added from team.csv.");
});

test("a file that cannot be read takes nothing away", async () => {
  const { user } = await show();
  await user.type(field(), "ann@x.io");
  const csv = new File([], "team.csv");
  csv.text = () => Promise.reject(new Error("gone"));
  await user.upload(screen.getByLabelText("Add from a CSV file"), csv);
  await waitFor(() => expect(news()).toHaveTextContent("team.csv could not be read."));
  expect(field()).toHaveValue("ann@x.io");
});

test("the seats are counted while typing, and the button sends as many as fit", async () => {
  const { user, onInvite } = await show({ defaultRole: "admin" });
  expect(screen.getByText("Admin seats: 3 free")).toBeVisible();
  await user.click(field());
  await user.paste("a@x.io b@x.io c@x.io d@x.io e@x.io");
  expect(screen.getByText("3 of 5 fit in Admin seats")).toBeVisible();
  expect(screen.getByText("5 of 5 fit in Member seats")).toBeVisible();
  expect(texts().slice(2)).toEqual(["c@x.ioReady", "d@x.ioNo seat left", "e@x.ioNo seat left"]);
  await user.click(screen.getByRole("button", { name: "Send 3 invitations" }));
  await waitFor(() => expect(news()).toHaveTextContent("3 invitations sent."));
  expect(onInvite.mock.calls.map(([email]) => email)).toEqual(["a@x.io", "b@x.io", "c@x.io"]);
  expect(field()).toHaveValue("a@x.io b@x.io c@x.io d@x.io e@x.io");
});

test("nothing is sent without an address or a role, and the button says what is missing", async () => {
  const { user, onInvite } = await show({ defaultRole: undefined });
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  expect(submit()).toHaveAccessibleDescription("Enter at least one e-mail address.");
  await user.type(field(), "ann@x.io");
  expect(submit()).toHaveAccessibleDescription("Choose a role.");
  await user.click(submit());
  fireEvent.submit(submit());
  expect(onInvite).not.toHaveBeenCalled();
});

test("with the keyboard alone", async () => {
  const { user, onInvite } = await show({ defaultRole: undefined });
  await user.tab();
  expect(field()).toHaveFocus();
  await user.keyboard("ann@x.io");
  await user.tab();
  expect(screen.getByLabelText("Add from a CSV file")).toHaveFocus();
  await user.tab();
  await user.tab();
  expect(screen.getByRole("combobox", { name: "Role" })).toHaveFocus();
  await user.keyboard("{Enter}{End}");
  await waitFor(() => expect(screen.getByRole("option", { name: "Member" })).toHaveFocus());
  await user.keyboard("{Enter}");
  await user.tab();
  expect(submit()).toHaveFocus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(onInvite).toHaveBeenCalledExactlyOnceWith("ann@x.io", "member"));
  expect(submit()).toHaveFocus();
});

test("while it is being sent the button keeps the focus, and a double click sends once", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  const { user } = await show({ onInvite });
  await user.type(field(), "ann@x.io");
  await user.dblClick(submit());
  expect(onInvite).toHaveBeenCalledOnce();
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  expect(submit()).toHaveFocus();
  expect(news()).toHaveTextContent("Sending…");
  await user.keyboard("{Enter}");
  expect(onInvite).toHaveBeenCalledOnce();
  await act(async () => answer({ error: null }));
  expect(submit()).toHaveFocus();
});

test("one live region is there from the beginning and stays", async () => {
  const { user } = await show();
  const region = news();
  expect(region).toBeEmptyDOMElement();
  await user.type(field(), "ann@x.io{Tab}");
  await user.click(submit());
  await waitFor(() => expect(region).toHaveTextContent("1 invitation sent."));
  expect(news()).toBe(region);
});

describe("a refusal", () => {
  const refused = { ...limitProblem, resourceType: "seat:member", current: 10, limit: 10 };
  const { code, resourceType, current, limit } = refused;
  const core = { orgId: "acme", label: "Member seats", requested: 1 };
  const shapes: readonly (readonly [name: string, call: () => Promise<unknown>])[] = [
    ["a 402 response", async () => new Response(JSON.stringify(refused), { status: 402 })],
    ["a problem document", async () => refused],
    ["core's error", () => Promise.reject(new LimitReachedError({ ...core, resourceType, current, limit }))],
    ["an auth client's error", async () => ({ data: null, error: { ...refused, statusText: "Payment Required" } })],
    ["an error of which only the numbers came", async () => ({ error: { code, resourceType, current, limit } })],
  ];

  test.each(shapes)("that is %s keeps what was typed and shows the way on", async (_, call) => {
    const onInvite = vi.fn(async (email: string) => (email === "b@x.io" ? call() : { error: null }));
    const { user, fetcher } = await show({ onInvite });
    await user.type(field(), "a@x.io, b@x.io, c@x.io");
    await user.click(submit());
    await waitFor(() => expect(screen.getByRole("link", { name: "See usage" })).toHaveFocus());
    expect(screen.getByRole("alert")).toHaveTextContent("Member seats limit reached");
    expect(screen.getByRole("alert")).toHaveTextContent("10 of 10 in use. What you typed is still here.");
    expect(field()).toHaveValue("a@x.io, b@x.io, c@x.io");
    // Whoever comes after would be refused too.
    expect(onInvite).toHaveBeenCalledTimes(2);
    expect(texts()).toEqual(["a@x.ioInvitation sent", "b@x.ioNo seat left", "c@x.ioReady"]);
    expect(news()).toHaveTextContent("1 invitation sent. 2 not sent.");
    expect(fetcher).toHaveBeenCalledTimes(2);
  });

  test("takes the focus to the message where there is no link", async () => {
    const { user } = await show({ onInvite: async () => refused }, undefined, { canManageBilling: false });
    await user.type(field(), "a@x.io");
    await user.click(submit());
    expect(await screen.findByText("Contact your admin.")).toBeVisible();
    expect(screen.getByRole("alert").parentElement).toHaveFocus();
  });
});

test.each([
  ["thrown", () => Promise.reject(new Error("offline"))],
  ["a response", async () => new Response(null, { status: 503 })],
  ["an error object", async () => ({ data: null, error: { status: 409 } })],
])("a failure that is %s keeps the address, goes on with the others, and can be repeated", async (_, call) => {
  const onInvite = vi.fn(async (): Promise<unknown> => ({ error: null })).mockImplementationOnce(call);
  const { user } = await show({ onInvite, errorText: () => "Try later" });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  await waitFor(() => expect(news()).toHaveTextContent("1 invitation sent. 1 failed."));
  expect(texts()).toEqual(["a@x.ioTry later", "b@x.ioInvitation sent"]);
  expect(field()).toHaveValue("a@x.io b@x.io");
  await user.click(submit());
  await waitFor(() => expect(onInvite).toHaveBeenLastCalledWith("a@x.io", "member"));
  expect(onInvite).toHaveBeenCalledTimes(3);
});

test("where every seat is taken a text says so and leads on, and what was typed stays", async () => {
  const { user } = await show({}, used(5, 12));
  await user.type(field(), "a@x.io");
  expect(within(screen.getByRole("alert")).getByText("Every seat is taken.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Upgrade" })).toHaveAttribute("href", "/upgrade");
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  expect(submit()).toHaveAccessibleDescription(/Every seat is taken/);
  expect(field()).toHaveValue("a@x.io");
});

test("where the plan could not be checked nothing can be sent", async () => {
  const { user } = await show({}, undefined, { fetcher: () => Promise.reject(new Error("offline")) });
  await user.type(field(), "a@x.io");
  expect(submit()).toHaveAccessibleDescription("Your plan could not be checked.");
  expect(submit()).toHaveAttribute("aria-disabled", "true");
});

test("after a change of organisation nothing typed is left, and what was not sent yet is not sent to the new one", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  const { user, update } = await show({ onInvite });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  update({ orgId: "globex", fetcher: async () => ({ ...used(0, 0), orgId: "globex" }) });
  expect(field()).toHaveValue("");
  expect(document.body).not.toHaveTextContent("a@x.io");
  await act(async () => answer({ ...limitProblem, resourceType: "seat:member" }));
  expect(onInvite).toHaveBeenCalledOnce();
  expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  expect(news()).toBeEmptyDOMElement();
});
