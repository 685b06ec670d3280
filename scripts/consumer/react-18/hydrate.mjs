// Renders the kit on a "server" with React 18 and hydrates it: React must have nothing to say about it.
import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { createElement, StrictMode, version } from "react";
import { renderToString } from "react-dom/server";

assert.match(version, /^18\./);
const said = [];
console.error = (...args) => said.push(args.join(" "));
console.warn = console.error;

const { EntitlementGate, EntitlementsProvider, GatedNavItem, LimitAlert, UsageBar, UsageList } = await import(
  "@x/entitlements-react"
);
const projects = {
  resourceType: "quota:project",
  label: "Projects",
  kind: "count",
  limit: 10,
  current: 12,
  reserved: 1,
};
const usage = { ...projects, remaining: 0, status: "over", resetsAt: "2030-01-01T00:00:00Z" };
const initialData = { orgId: "acme", entitlements: [usage] };
const refs = { bar: { current: null }, track: { current: null } };

const page = createElement(
  StrictMode,
  null,
  createElement(
    EntitlementsProvider,
    { orgId: "acme", fetcher: async () => initialData, initialData },
    createElement(UsageList, { grouped: true }),
    createElement(UsageBar, {
      ref: refs.bar,
      label: "Plain",
      limit: 3,
      current: 2,
      slotProps: { track: { ref: refs.track } },
    }),
    createElement(LimitAlert, { error: null }),
    createElement(GatedNavItem, { href: "/usage" }, "Billing"),
    createElement(
      EntitlementGate,
      { resourceType: "quota:project", mode: "disabled" },
      createElement("button", { type: "button" }, "Create"),
    ),
  ),
);

const html = renderToString(page);
const { window } = new JSDOM(`<main>${html}</main>`);
Object.assign(globalThis, { window, document: window.document });
const { hydrateRoot } = await import("react-dom/client");
const root = hydrateRoot(window.document.querySelector("main"), page, {
  onRecoverableError: (error) => said.push(error.message),
});
const isThere = () => refs.bar.current !== null && window.document.body.textContent.includes("Resets in");
for (let waited = 0; !isThere() && waited < 5_000; waited += 50)
  await new Promise((resolve) => setTimeout(resolve, 50));

assert.equal(refs.bar.current?.getAttribute("data-slot"), "usage-bar");
assert.equal(refs.track.current?.getAttribute("aria-valuetext"), "2 of 3 plain");
assert.match(window.document.body.textContent, /Resets in/);
assert.deepEqual(said, []);
root.unmount();
