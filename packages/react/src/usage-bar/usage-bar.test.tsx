import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { answering, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { type PlainUsageBarProps, UsageBar } from "./usage-bar.tsx";

const seats = { label: "Admin seats", limit: 10, current: 4 };
const root = () => document.querySelector('[data-slot="usage-bar"]');

describe("a bar for numbers that can be measured", () => {
  test.each([
    [4, "ok", "4 of 10 admin seats", ["4 of 10", "6 left"]],
    [8, "near", "8 of 10 admin seats", ["8 of 10", "2 left", "Near limit"]],
    [10, "at", "10 of 10 admin seats, limit reached", ["10 of 10", "Limit reached"]],
    [12, "over", "12 of 10 admin seats, 2 over the limit", ["12 of 10", "2 over the limit", "Over limit"]],
  ])("%i of 10 is %s", (current, status, aloud, texts) => {
    render(<UsageBar {...seats} current={current} />);
    const bar = screen.getByRole("progressbar", { name: "Admin seats" });
    expect(bar).toHaveAttribute("aria-valuetext", aloud);
    expect(bar).toHaveAttribute("aria-valuenow", String(Math.min(current, 10)));
    expect(bar).toHaveAttribute("aria-valuemax", "10");
    expect(root()).toHaveAttribute("data-status", status);
    for (const text of texts) expect(screen.getByText(text)).toBeVisible();
  });
});

describe("no bar where there is nothing to measure", () => {
  test.each<[string, Partial<PlainUsageBarProps>, string]>([
    ["loading", { status: "loading" }, "Loading usage"],
    ["error", { status: "error" }, "Usage could not be loaded"],
    ["unconfigured", { limit: undefined }, "No limit configured"],
    ["unlimited", { limit: null, current: 1_200 }, "1,200 used"],
    ["blocked", { limit: 0, current: 0 }, "Not in your plan"],
    ["error", { limit: Number.NaN }, "Usage could not be loaded"],
  ])("%s", (status, props, text) => {
    render(<UsageBar {...seats} {...props} />);
    expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
    expect(root()).toHaveAttribute("data-status", status);
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.getByText("Admin seats")).toBeVisible();
  });
});

test("a limit lowered to nothing under live usage draws a full bar and tells the truth", () => {
  render(<UsageBar {...seats} limit={0} current={3} />);
  const bar = screen.getByRole("progressbar", { name: "Admin seats" });
  expect(bar).toHaveAttribute("aria-valuetext", "3 of 0 admin seats, 3 over the limit");
  expect(bar).toHaveAttribute("aria-valuenow", bar.getAttribute("aria-valuemax"));
});

test("reserved units are a segment of their own and are said in words", () => {
  render(<UsageBar {...seats} reserved={1} />);
  expect(screen.getByText("1 reserved")).toBeVisible();
  expect(document.querySelector('[data-slot="usage-bar-indicator"]')).toHaveStyle({ inlineSize: "30%" });
  expect(document.querySelector('[data-slot="usage-bar-reserved"]')).toHaveStyle({ inlineSize: "10%" });
});

test.each([
  [-3, null],
  [Number.NaN, null],
  [99, "4 reserved"],
])("%s reserved of 4 are taken for what they can be", (reserved, text) => {
  render(<UsageBar {...seats} reserved={reserved} />);
  const part = document.querySelector('[data-slot="usage-bar-reserved"]');
  if (text === null) expect(part).not.toBeInTheDocument();
  else {
    expect(part).toHaveStyle({ inlineSize: "40%" });
    expect(screen.getByText(text)).toBeVisible();
  }
});

test("a feature is included or not, and is no bar", () => {
  render(<UsageBar label="Single sign-on" kind="feature" limit={1} current={0} />);
  expect(screen.getByText("Included")).toBeVisible();
  expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
});

test("when the count starts again is said relative to now, and as a date to machines", () => {
  vi.useFakeTimers({ now: new Date("2026-11-28T12:00:00Z"), toFake: ["Date"] });
  render(<UsageBar {...seats} resetsAt="2026-12-01T12:00:00Z" />);
  expect(screen.getByText("Resets in 3 days").closest("time")).toHaveAttribute("datetime", "2026-12-01T12:00:00.000Z");
});

test("a date that is none is left out", () => {
  render(<UsageBar {...seats} resetsAt="soon" />);
  expect(screen.queryByText(/Resets/)).not.toBeInTheDocument();
});

test("the role can be a meter", () => {
  render(<UsageBar {...seats} barRole="meter" />);
  expect(screen.getByRole("meter", { name: "Admin seats" })).toHaveAttribute("aria-valuetext", "4 of 10 admin seats");
});

test("words and numbers follow the locale and the messages given", () => {
  render(
    <UsageBar
      label="Projekte"
      limit={20_000}
      current={18_000}
      locale="de"
      messages={{
        near: () => "Fast voll",
        usage: ({ current, limit }, { number }) => `${number(current)} von ${number(limit)}`,
      }}
    />,
  );
  expect(screen.getByText("Fast voll")).toBeVisible();
  expect(screen.getByText("18.000 von 20.000")).toBeVisible();
});

test("a status that changes is announced once; what was there before is not", () => {
  const { rerender } = render(<UsageBar {...seats} />);
  const region = screen.getByRole("status");
  expect(region).toBeEmptyDOMElement();
  rerender(<UsageBar {...seats} current={5} />);
  expect(region).toBeEmptyDOMElement();
  rerender(<UsageBar {...seats} current={8} />);
  expect(region).toHaveTextContent("8 of 10 admin seats");
  rerender(<UsageBar {...seats} current={9} />);
  expect(region).toHaveTextContent("8 of 10 admin seats");
});

describe("under a provider", () => {
  test("it loads its row and shows it", async () => {
    const { fetcher, latest } = deferredEndpoint();
    renderUnder({ fetcher }, <UsageBar resourceType="quota:project" />);
    expect(root()).toHaveAttribute("aria-busy", "true");
    expect(document.body).not.toHaveTextContent("quota:project");
    await act(async () => latest("acme").answer(response("acme", row({ resourceType: "quota:project" }))));
    expect(screen.getByRole("progressbar", { name: "Projects" })).toBeInTheDocument();
    expect(root()).toHaveAttribute("aria-busy", "false");
    expect(screen.getByRole("status")).toBeEmptyDOMElement();
  });

  test("a status that the host leaves open is not taken for an answer", () => {
    const { fetcher } = deferredEndpoint();
    renderUnder({ fetcher }, <UsageBar resourceType="quota:project" status={undefined} />);
    expect(root()).toHaveAttribute("data-status", "loading");
  });

  test("a failure can be tried again", async () => {
    const { fetcher, latest } = deferredEndpoint();
    renderUnder({ fetcher }, <UsageBar resourceType="quota:project" label="Projects" />);
    await act(async () => latest("acme").fail(new Error("offline")));
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await act(async () => latest("acme").answer(response("acme", row({ resourceType: "quota:project" }))));
    expect(screen.getByRole("progressbar", { name: "Projects" })).toBeInTheDocument();
  });

  test("a resource that the server does not know is unconfigured", async () => {
    renderUnder({ fetcher: answering(response("acme")) }, <UsageBar resourceType="quota:api_typo" />);
    expect(await screen.findByText("No limit configured")).toBeVisible();
    expect(screen.getByText("Api typo")).toBeVisible();
  });

  test("a failure before anything is known names the resource in words, not by its identifier", async () => {
    const fetcher = () => Promise.reject(new Error("offline"));
    renderUnder({ fetcher }, <UsageBar resourceType="quota:api_call" />);
    expect(await screen.findByText("Api call")).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toHaveAccessibleDescription("Api call");
    expect(document.body).not.toHaveTextContent("quota:");
  });
});
