import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { answering, renderUnder } from "../fixtures/render.tsx";
import { everyStatus, response } from "../fixtures/usage.ts";
import { UsageList } from "./usage-list.tsx";

const labels = () => [...document.querySelectorAll('[data-slot="usage-bar-label"]')].map((label) => label.textContent);

test("every resource is listed in the server's order", async () => {
  renderUnder({ fetcher: answering(response("acme", ...everyStatus)) }, <UsageList />);
  await screen.findByText("Admin seats");
  expect(screen.getAllByRole("listitem")).toHaveLength(everyStatus.length);
  expect(screen.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "false");
  expect(labels()).toEqual(everyStatus.map(({ label }) => label));
});

test("what needs attention comes first when asked for", async () => {
  renderUnder({ fetcher: answering(response("acme", ...everyStatus)) }, <UsageList sort="severity" />);
  await screen.findByText("Reports");
  expect(labels()).toEqual([
    "Reports",
    "Admin seats",
    "Member seats",
    "Projects",
    "Single sign-on",
    "Exports",
    "Audit log",
    "API calls",
  ]);
});

test("groups have a heading and name their list", async () => {
  renderUnder({ fetcher: answering(response("acme", ...everyStatus)) }, <UsageList grouped />);
  const seats = await screen.findByRole("list", { name: "Seats" });
  expect(within(seats).getAllByRole("listitem")).toHaveLength(2);
  const headings = screen.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);
  expect(headings).toEqual(["Seats", "Quotas", "Features"]);
});

test("a skeleton of as many rows as expected stands there first, and says that it loads", () => {
  const { fetcher } = deferredEndpoint();
  renderUnder({ fetcher }, <UsageList skeletonRows={5} />);
  expect(screen.getByRole("region", { name: "Usage" })).toHaveAttribute("aria-busy", "true");
  expect(screen.getAllByRole("listitem")).toHaveLength(5);
  expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  expect(screen.getAllByText("Loading usage").length).toBeGreaterThan(0);
});

test("no limits are said in words", async () => {
  renderUnder({ fetcher: answering(response("acme")) }, <UsageList />);
  expect(await screen.findByText("No limits configured")).toBeVisible();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

test("an error is not the same as no limits, and can be tried again", async () => {
  const { fetcher, latest } = deferredEndpoint();
  renderUnder({ fetcher }, <UsageList />);
  await act(async () => latest("acme").fail(new Error("offline")));
  expect(screen.getByText("Usage could not be loaded")).toBeVisible();
  expect(screen.queryByText("No limits configured")).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await act(async () => latest("acme").answer(response("acme", ...everyStatus)));
  expect(screen.getAllByRole("listitem")).toHaveLength(everyStatus.length);
});

test("a row that cannot be understood is an error of its own beside the others", async () => {
  const odd = { resourceType: "quota:disk", label: "Disk", kind: "gauge" };
  renderUnder(
    { fetcher: async () => ({ orgId: "acme", entitlements: [...everyStatus.slice(0, 1), odd] }) },
    <UsageList />,
  );
  await screen.findByText("Disk");
  const [, disk] = screen.getAllByRole("listitem");
  expect(disk).toHaveTextContent("DiskUsage could not be loaded");
  expect(screen.getByRole("progressbar", { name: "Admin seats" })).toBeInTheDocument();
});

test("after a failed refetch the old numbers stay, with a word about it", async () => {
  const { fetcher, latest, requests } = deferredEndpoint();
  renderUnder({ fetcher, initialData: response("acme", ...everyStatus) }, <UsageList />);
  await expect.poll(() => requests.length).toBeGreaterThan(0);
  await act(async () => latest("acme").fail(new Error("offline")));
  expect(screen.getByText(/ould not be refreshed/)).toBeVisible();
  expect(screen.getAllByRole("listitem")).toHaveLength(everyStatus.length);
});
