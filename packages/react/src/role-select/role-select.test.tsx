import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { defineSeats } from "@x/entitlements-core/wire";
import { setNonce } from "get-nonce";
import { expect, test, vi } from "vitest";
import { withRadixSelect } from "../fixtures/radix.ts";
import { answering, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { RoleSelect } from "./role-select.tsx";

withRadixSelect();

const buckets = [
  { bucket: "seat:admin", label: "Admin seats", roles: ["owner", "admin"], limit: 2, current: 2 },
  { bucket: "seat:member", label: "Member seats", roles: ["member"], limit: 10, current: 7 },
] as const;
const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
const adminsFull = response(
  "acme",
  row({ resourceType: "seat:admin", label: "Admin seats", limit: 2, current: 2 }),
  row({ resourceType: "seat:member", label: "Member seats", limit: 10, current: 7 }),
);

const choice = () => screen.getByRole("combobox", { name: "Role" });
const isDisabled = (name: string) => screen.getByRole("option", { name }).getAttribute("aria-disabled");

test("roles of a full seat are disabled, and a text outside the list says why", async () => {
  render(<RoleSelect label="Role" buckets={buckets} />);
  const reason = "Admin seats are full (2 of 2): Owner and Admin cannot be chosen.";
  expect(screen.getByText(reason)).toBeVisible();
  expect(choice()).toHaveAccessibleDescription(reason);
  await userEvent.click(choice());
  expect(isDisabled("Owner")).toBe("true");
  expect(isDisabled("Member")).toBeNull();
  expect(within(screen.getByRole("group", { name: /Member seats/ })).getByText("3 free")).toBeVisible();
});

test("the style that Radix writes carries the nonce of the page", async () => {
  setNonce("from the server");
  render(<RoleSelect label="Role" buckets={buckets} />);
  await userEvent.click(choice());
  expect(screen.getByRole("listbox").querySelector("style")?.nonce).toBe("from the server");
});

test("by keyboard: down passes over what is full, Enter chooses, Escape leaves everything as it was", async () => {
  const onValueChange = vi.fn<(role: "owner" | "admin" | "member") => void>();
  render(<RoleSelect label="Role" buckets={buckets} onValueChange={onValueChange} />);
  await userEvent.tab();
  expect(choice()).toHaveFocus();
  await userEvent.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("option", { name: "Member" })).toHaveFocus());
  await userEvent.keyboard("{Escape}");
  expect(onValueChange).not.toHaveBeenCalled();
  expect(choice()).toHaveFocus();
  await userEvent.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("option", { name: "Member" })).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  expect(onValueChange).toHaveBeenCalledExactlyOnceWith("member");
  expect(choice()).toHaveTextContent("Member");
});

test("a controlled choice shows what the host says", async () => {
  const { rerender } = render(<RoleSelect label="Role" buckets={buckets} value={null} />);
  expect(choice()).toHaveTextContent("Choose a role");
  await userEvent.click(choice());
  await userEvent.click(screen.getByRole("option", { name: "Member" }));
  expect(choice()).toHaveTextContent("Choose a role");
  rerender(<RoleSelect label="Role" buckets={buckets} value="member" />);
  expect(choice()).toHaveTextContent("Member");
});

test("somebody with an admin seat may change between its roles, also when it is full", async () => {
  render(<RoleSelect label="Role" buckets={buckets} heldRole="admin" defaultValue="admin" />);
  expect(screen.queryByText(/cannot be chosen/)).not.toBeInTheDocument();
  await userEvent.click(choice());
  expect(isDisabled("Owner")).toBeNull();
});

test("the seat that somebody holds counts as theirs also where their own role is not on offer", async () => {
  render(<RoleSelect label="Role" buckets={buckets} heldRole="owner" only={["admin", "member"]} />);
  await userEvent.click(choice());
  expect(isDisabled("Admin")).toBeNull();
});

test("the host decides which roles are on offer and what they are called", async () => {
  const called = { admin: "Administrator", member: "Team mate", owner: "Boss" };
  render(<RoleSelect label="Role" buckets={buckets} only={["admin", "member"]} roleLabel={(role) => called[role]} />);
  expect(screen.getByText("Admin seats are full (2 of 2): Administrator cannot be chosen.")).toBeVisible();
  await userEvent.click(choice());
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Administrator", "Team mate"]);
});

test.each([
  ["not in the plan", { limit: 0 }, "Admin seats are not in your plan: Owner and Admin cannot be chosen."],
  ["nowhere configured", {}, "No limit is configured for admin seats: Owner and Admin cannot be chosen."],
])("seats that are %s say so", (_, numbers, reason) => {
  render(<RoleSelect label="Role" buckets={[{ ...buckets[0], limit: undefined, current: 0, ...numbers }]} />);
  expect(screen.getByText(reason)).toBeVisible();
});

test("numbers that are none are on offer to nobody, and are not shown", async () => {
  render(<RoleSelect label="Role" buckets={[{ ...buckets[0], current: Number.NaN }]} />);
  await userEvent.click(choice());
  expect(isDisabled("Owner")).toBe("true");
  expect(document.body).not.toHaveTextContent("NaN");
});

test("unlimited seats are on offer", async () => {
  render(<RoleSelect label="Role" buckets={[{ ...buckets[0], limit: null }]} />);
  await userEvent.click(choice());
  expect(isDisabled("Owner")).toBeNull();
});

test("under the provider the numbers are the server's, and nothing is on offer before they are there", async () => {
  renderUnder({ fetcher: answering(adminsFull) }, <RoleSelect label="Role" seats={seats} />);
  expect(screen.getByText("Checking your plan…")).toBeVisible();
  expect(await screen.findByText("Admin seats are full (2 of 2): Owner and Admin cannot be chosen.")).toBeVisible();
});

test("where the plan could not be checked nothing is on offer, and one may try again", async () => {
  const fetcher = vi.fn().mockRejectedValueOnce(new Error("offline")).mockResolvedValue(adminsFull);
  renderUnder({ fetcher, swr: { shouldRetryOnError: false } }, <RoleSelect label="Role" seats={seats} />);
  expect(await screen.findByText("Your plan could not be checked.")).toBeVisible();
  await userEvent.click(choice());
  expect(isDisabled("Member")).toBe("true");
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/Admin seats are full/)).toBeVisible();
});

test("a role chosen for one organisation is not chosen for the next", async () => {
  const { update } = renderUnder({ fetcher: answering(adminsFull) }, <RoleSelect label="Role" seats={seats} />);
  await screen.findByText(/Admin seats are full/);
  await userEvent.click(choice());
  await userEvent.click(screen.getByRole("option", { name: "Member" }));
  expect(choice()).toHaveTextContent("Member");
  update({ fetcher: answering({ ...adminsFull, orgId: "globex" }), orgId: "globex" });
  expect(choice()).toHaveTextContent("Choose a role");
  await screen.findByText(/Admin seats are full/);
});
