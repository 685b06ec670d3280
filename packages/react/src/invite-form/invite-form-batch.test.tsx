import { act, screen, waitFor } from "@testing-library/react";
import type { UsageResponse } from "@x/entitlements-core/wire";
import { expect, onTestFinished, test, vi } from "vitest";
import { field, news, type Role, show, submit, texts, used } from "../fixtures/invite-form.tsx";
import { limitProblem } from "../fixtures/problems.ts";
import { withRadixSelect } from "../fixtures/radix.ts";

withRadixSelect();

test("somebody whose invitation was taken back can be invited again", async () => {
  const { user, onInvite } = await show();
  for (const times of [1, 2]) {
    await user.type(field(), "ann@x.io");
    await user.click(submit());
    await waitFor(() => expect(onInvite).toHaveBeenCalledTimes(times));
    await waitFor(() => expect(field()).toHaveValue(""));
  }
  expect(texts()).toEqual(["ann@x.ioInvitation sent"]);
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
  expect(submit()).toHaveAccessibleDescription("Sending…");
  await user.keyboard("{Enter}");
  expect(onInvite).toHaveBeenCalledOnce();
  await act(async () => answer({ error: null }));
  expect(submit()).toHaveFocus();
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  expect(submit()).toHaveAccessibleDescription("Enter at least one e-mail address.");
  expect(screen.getByText("Enter at least one e-mail address.")).not.toBeVisible();
});

test("another role chosen while a batch is being sent changes nothing about it", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn((_: string, role: Role) => new Promise<unknown>((resolve) => (answer = () => resolve(role))));
  const { user } = await show({ onInvite });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  await user.click(screen.getByRole("combobox", { name: "Role" }));
  await user.click(screen.getByRole("option", { name: "Admin" }));
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  await act(async () => answer(null));
  await act(async () => answer(null));
  expect(onInvite.mock.calls).toEqual([
    ["a@x.io", "member"],
    ["b@x.io", "member"],
  ]);
  expect(news()).toHaveTextContent("2 invitations sent.");
});

test("while a batch is being sent the seats it takes are not counted twice, nor afterwards", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  let count: (usage: UsageResponse) => void = () => {};
  const fetcher = vi.fn(() => new Promise<UsageResponse>((resolve) => (count = resolve)));
  fetcher.mockResolvedValueOnce(used(3, 3));
  const { user } = await show({ onInvite, defaultRole: "admin" }, used(3, 3), { fetcher });
  await user.type(field(), "a@x.io b@x.io c@x.io");
  await user.click(submit());
  await act(async () => answer(null));
  expect(texts()).toEqual(["a@x.ioInvitation sent", "b@x.ioSending…", "c@x.ioNo seat left"]);
  expect(screen.getByText("2 of 3 fit in Admin seats")).toBeVisible();
  expect(screen.getByRole("button", { name: "Send 2 invitations" })).toBeVisible();
  await act(async () => answer(null));
  // Both are sent, and the numbers do not say so yet.
  expect(news()).toHaveTextContent("2 invitations sent.");
  expect(screen.getByText("2 of 3 fit in Admin seats")).toBeVisible();
  expect(submit()).toHaveAttribute("aria-disabled", "true");
  expect(submit()).toHaveAccessibleDescription("Checking your plan…");
  await user.click(submit());
  expect(onInvite).toHaveBeenCalledTimes(2);
  await act(async () => count(used(5, 3)));
  expect(screen.getByText("0 of 1 fits in Admin seats")).toBeVisible();
  expect(texts()[2]).toBe("c@x.ioNo seat left");
});

test("numbers that cannot be had after a batch block nothing for ever", async () => {
  const fetcher = vi.fn<() => Promise<UsageResponse>>().mockResolvedValueOnce(used(3, 3));
  fetcher.mockRejectedValue(new Error("offline"));
  const { user, onInvite } = await show({}, used(3, 3), { fetcher, swr: { shouldRetryOnError: false } });
  for (const times of [1, 2]) {
    await user.type(field(), "a@x.io");
    await user.click(submit());
    expect(onInvite).toHaveBeenCalledTimes(times);
  }
});

test("numbers that are on their way for ever block the form for ten seconds", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  const fetcher = vi.fn<() => Promise<UsageResponse>>(() => new Promise(() => {}));
  fetcher.mockResolvedValueOnce(used(3, 3));
  const { user, onInvite } = await show({}, used(3, 3), { fetcher });
  await user.type(field(), "a@x.io");
  await user.click(submit());
  await user.type(field(), "b@x.io");
  expect(submit()).toHaveAccessibleDescription("Checking your plan…");
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  await user.click(submit());
  expect(onInvite).toHaveBeenCalledTimes(2);
});

test("a refusal for one role says nothing of another", async () => {
  const refusal = { error: { ...limitProblem, resourceType: "seat:admin" } };
  const { user } = await show({ defaultRole: "admin", onInvite: async () => refusal });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  expect(texts()).toEqual(["a@x.ioNo seat left", "b@x.ioReady"]);
  await user.click(screen.getByRole("combobox", { name: "Role" }));
  await user.click(screen.getByRole("option", { name: "Member" }));
  expect(texts()).toEqual(["a@x.ioReady", "b@x.ioReady"]);
});

test("when the form goes what was not sent yet is not sent, and the host hears of what was", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  const onSent = vi.fn();
  const { user, update, fetcher } = await show({ onInvite, onSent });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  update({ fetcher }, null);
  await act(async () => answer(null));
  expect(onInvite).toHaveBeenCalledOnce();
  expect(onSent).toHaveBeenCalledExactlyOnceWith(["a@x.io"], "member");
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

test("coming back to the organisation does not go on with what was being sent", async () => {
  let answer: (value: unknown) => void = () => {};
  const onInvite = vi.fn(() => new Promise<unknown>((resolve) => (answer = resolve)));
  const { user, update, fetcher } = await show({ onInvite });
  await user.type(field(), "a@x.io b@x.io");
  await user.click(submit());
  update({ orgId: "globex", fetcher: async () => ({ ...used(0, 0), orgId: "globex" }) });
  update({ fetcher });
  await act(async () => answer(null));
  expect(onInvite).toHaveBeenCalledOnce();
  expect(field()).toHaveValue("");
});
