import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { LimitReachedError } from "@x/entitlements-core/errors";
import { describe, expect, test, vi } from "vitest";
import { field, news, seats, show, submit, texts, used } from "../fixtures/invite-form.tsx";
import { limitProblem } from "../fixtures/problems.ts";
import { withRadixSelect } from "../fixtures/radix.ts";
import { InviteForm } from "./invite-form.tsx";

withRadixSelect();

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

test("a role that is no longer on offer is not sent", async () => {
  const { user, onInvite, update, fetcher } = await show({ defaultRole: "admin" });
  await user.type(field(), "ann@x.io");
  update({ fetcher }, <InviteForm seats={seats} onInvite={onInvite} defaultRole="admin" only={["member"]} />);
  expect(submit()).toHaveAccessibleDescription("Choose a role.");
  await user.click(submit());
  expect(onInvite).not.toHaveBeenCalled();
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
