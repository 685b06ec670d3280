import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { FeatureDisabledError, LimitReachedError } from "@x/entitlements-core/errors";
import { describe, expect, test, vi } from "vitest";
import { featureProblem, limitProblem } from "../fixtures/problems.ts";
import { answering, renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import type { LinkProps } from "../provider/settings.ts";
import { LimitAlert } from "./limit-alert.tsx";

const error = new LimitReachedError({
  orgId: "acme",
  resourceType: "quota:project",
  label: "Projects",
  current: 5,
  limit: 5,
  requested: 3,
});
const data = { fetcher: answering(response("acme", row({ resourceType: "quota:project", label: "Projects" }))) };

test("an error of core says what is full, and that nothing was changed", () => {
  render(<LimitAlert error={error} />);
  const alert = screen.getByRole("alert");
  expect(alert).toHaveTextContent("Projects limit reached");
  expect(alert).toHaveTextContent("5 of 5 in use. This would have added 3. Nothing was changed.");
});

test("a feature that is off is told apart from a limit", () => {
  const { orgId, label } = { orgId: "acme", label: "Single sign-on" };
  render(<LimitAlert error={new FeatureDisabledError({ orgId, label, resourceType: "feature:sso" })} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Single sign-on is not in your plan");
});

test("a problem document takes its name from the provider, else from the host, else from nobody", async () => {
  renderUnder(data, <LimitAlert error={limitProblem} />);
  expect(await screen.findByText("Projects limit reached")).toBeVisible();
  render(<LimitAlert error={featureProblem} label="SSO" />);
  expect(screen.getByText("SSO is not in your plan")).toBeVisible();
  render(<LimitAlert error={featureProblem} />);
  expect(screen.getByText("Not in your plan")).toBeVisible();
});

test.each([null, undefined, new Error("offline"), { status: 500 }])(
  "%s shows nothing, and the region stays",
  (value) => {
    render(<LimitAlert error={value} />);
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  },
);

describe("the way on", () => {
  const urls = { ...data, usageUrl: "/usage", upgradeUrl: "/upgrade" };

  test("those who manage billing get links, and the host hears which one was taken", async () => {
    const onEvent = vi.fn();
    const linkComponent = (props: LinkProps) => <a {...props} href={`#${props.href}`} />;
    renderUnder({ ...urls, canManageBilling: true, onEvent, linkComponent }, <LimitAlert error={error} />);
    expect(screen.getByRole("link", { name: "Upgrade" })).toHaveAttribute("href", "#/upgrade");
    await userEvent.click(screen.getByRole("link", { name: "See usage" }));
    expect(onEvent).toHaveBeenCalledWith({ type: "usage-opened", orgId: "acme", resourceType: "quota:project" });
    expect(screen.queryByText("Contact your admin.")).not.toBeInTheDocument();
  });

  test("nobody who manages billing is sent to an admin, also where the host has no page for it", () => {
    renderUnder({ ...data, canManageBilling: true }, <LimitAlert error={error} />);
    expect(screen.getByRole("alert")).toHaveTextContent(/Nothing was changed\.$/);
  });

  test("everybody else is told whom to ask", () => {
    renderUnder(urls, <LimitAlert error={error} />);
    expect(screen.getByText("Contact your admin.")).toBeVisible();
    expect(screen.queryByRole("link")).not.toBeInTheDocument();
  });
});

test("it can be dismissed where the host wants that", async () => {
  const onDismiss = vi.fn();
  render(<LimitAlert error={error} onDismiss={onDismiss} />);
  await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(onDismiss).toHaveBeenCalledOnce();
});
