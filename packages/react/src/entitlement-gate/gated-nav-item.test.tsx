import { act, screen } from "@testing-library/react";
import type { Usage } from "@x/entitlements-core/wire";
import { expect, test } from "vitest";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { GatedNavItem, type GatedNavItemProps } from "./gated-nav-item.tsx";

const sso = (limit: number) => row({ resourceType: "feature:sso", label: "SSO", kind: "feature", limit, current: 0 });
const fullProjects = row({ resourceType: "quota:project", limit: 5, current: 5 });

async function item(props: Partial<GatedNavItemProps>, answer: readonly Usage[] | Error | null) {
  const { fetcher, latest } = deferredEndpoint();
  renderUnder(
    { fetcher, upgradeUrl: "/upgrade" },
    <GatedNavItem href="/page" {...props}>
      Page
    </GatedNavItem>,
  );
  await act(async () => {
    if (answer instanceof Error) latest("acme").fail(answer);
    else if (answer !== null) latest("acme").answer(response("acme", ...answer));
  });
  return screen.queryByRole("link", { name: "Page" });
}

test("the entry for billing is there only with entitlements", async () => {
  expect(await item({}, [fullProjects])).toHaveAttribute("href", "/page");
});

test.each([
  ["while loading", null],
  ["after an error", new Error("offline")],
  ["without entitlements", []],
  ["where nothing has a limit", [{ ...fullProjects, limit: null, remaining: null, status: "unlimited" } as const]],
])("it is not there %s", async (_when, answer) => {
  expect(await item({}, answer)).not.toBeInTheDocument();
});

test("an entry for a resource stays when its limit is reached", async () => {
  expect(await item({ resourceType: "quota:project", isCurrent: true }, [fullProjects])).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("an entry for a feature is there only where the plan has it", async () => {
  expect(await item({ resourceType: "feature:sso" }, [sso(0)])).not.toBeInTheDocument();
});

test("disabled leads nowhere, can be focused and says why", async () => {
  const link = await item({ resourceType: "feature:sso", mode: "disabled" }, [sso(0)]);
  expect(link).toHaveAttribute("aria-disabled", "true");
  expect(link).not.toHaveAttribute("href");
  expect(link).toHaveAccessibleDescription("SSO: not in your plan.");
  link?.focus();
  expect(link).toHaveFocus();
});

test("upsell leads to where it can be bought, but not after an error", async () => {
  const link = await item({ resourceType: "feature:sso", mode: "upsell" }, [sso(0)]);
  expect(link).toHaveAttribute("href", "/upgrade");
  expect(link).toHaveAccessibleDescription("SSO: not in your plan.");
});

test("upsell offers nothing while it is not known what the plan has", async () => {
  expect(await item({ resourceType: "feature:sso", mode: "upsell" }, new Error("offline"))).not.toBeInTheDocument();
});
