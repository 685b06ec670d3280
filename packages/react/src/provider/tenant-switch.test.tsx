import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Profiler, type ReactElement, Suspense } from "react";
import { type Middleware, SWRConfig } from "swr";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EntitlementGate } from "../entitlement-gate/entitlement-gate.tsx";
import { GatedNavItem } from "../entitlement-gate/gated-nav-item.tsx";
import { deferredEndpoint } from "../fixtures/deferred-endpoint.ts";
import { limitProblem } from "../fixtures/problems.ts";
import { renderUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { useEnforcedMutation } from "../hooks/use-enforced-mutation.ts";
import { LimitAlert } from "../limit-alert/limit-alert.tsx";
import { UsageBar } from "../usage-bar/usage-bar.tsx";
import { UsageList } from "../usage-list/usage-list.tsx";
import { EntitlementsProvider } from "./entitlements-provider.tsx";

const freshCache = () => new Map();
const OF_ACME = /acme|4242/i;
const acme = response(
  "acme",
  row({ resourceType: "quota:project", label: "Acme projects", limit: 5000, current: 4242 }),
  row({ resourceType: "feature:sso", label: "Acme sign-on", kind: "feature", limit: 1, current: 0 }),
);
const globex = response(
  "globex",
  row({ resourceType: "quota:project", label: "Globex projects", limit: 9, current: 1 }),
);

function Screen({ create = async () => "made" }: { readonly create?: () => Promise<unknown> }): ReactElement {
  const { run, limitError } = useEnforcedMutation(create);
  return (
    <Profiler id="screen" onRender={() => watcher?.look()}>
      <UsageBar resourceType="quota:project" />
      <UsageList heading={null} aria-label="All" />
      <GatedNavItem href="/sso" resourceType="feature:sso">
        Sign-on of Acme
      </GatedNavItem>
      <EntitlementGate resourceType="quota:project">
        <button type="button" onClick={() => void run()}>
          Create
        </button>
      </EntitlementGate>
      <LimitAlert error={limitError} />
    </Profiler>
  );
}

function Create({ create }: { readonly create: () => Promise<unknown> }): ReactElement {
  const { run, isPending, limitError } = useEnforcedMutation(create);
  return (
    <button type="button" onClick={() => void run()}>
      {isPending ? "Busy" : limitError ? "Refused" : "Create"}
    </button>
  );
}

function Wait({ until }: { readonly until: Promise<void> }): ReactElement {
  throw until;
}

/**
 * Every text and attribute that the page had from now on. The observer looks when React has finished; within a batch the
 * profiler of `Screen` looks after each commit.
 */
function watch() {
  const seen: string[] = [];
  const look = () => seen.push(document.body.innerHTML);
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  return { seen, look, stop: () => observer.disconnect() };
}

let endpoint: ReturnType<typeof deferredEndpoint>;
let watcher: ReturnType<typeof watch> | undefined;

beforeEach(() => {
  endpoint = deferredEndpoint();
});

afterEach(() => {
  watcher?.stop();
  watcher = undefined;
});

async function showAcme(props: Parameters<typeof renderUnder>[0] = {}, ui = <Screen />) {
  const view = renderUnder({ fetcher: endpoint.fetcher, ...props }, ui);
  // SWR puts off a request whose answer it has initial data for.
  await waitFor(() => expect(endpoint.requests).not.toEqual([]));
  await act(async () => endpoint.latest("acme").answer(acme));
  await waitFor(() => expect(screen.getAllByText("Acme projects")).toHaveLength(2));
  const switchToGlobex = () => {
    watcher = watch();
    view.update({ fetcher: endpoint.fetcher, ...props, orgId: "globex" });
  };
  return { ...view, switchToGlobex };
}

function expectNothingOfAcme() {
  expect(watcher?.seen.length).toBeGreaterThan(0);
  expect(watcher?.seen.filter((html) => OF_ACME.test(html))).toEqual([]);
}

describe("after switching the organisation nothing of the previous one is ever painted", () => {
  test("while the new answer is on its way, and when it arrives", async () => {
    const { switchToGlobex } = await showAcme();
    switchToGlobex();
    expectNothingOfAcme();
    expect(screen.queryByRole("button", { name: "Create" })).not.toBeInTheDocument();
    await act(async () => endpoint.latest("globex").answer(globex));
    expect(await screen.findByRole("button", { name: "Create" })).toBeInTheDocument();
    expect(screen.getAllByText("Globex projects")).toHaveLength(2);
    expectNothingOfAcme();
  });

  test("when the new answer fails", async () => {
    const { switchToGlobex } = await showAcme();
    switchToGlobex();
    await act(async () => endpoint.latest("globex").fail(new Error("offline")));
    expect(screen.getAllByText("Usage could not be loaded").length).toBeGreaterThan(0);
    expect(screen.queryByText("No limits configured")).not.toBeInTheDocument();
    expectNothingOfAcme();
  });

  test("when an answer about the previous one arrives late", async () => {
    const view = await showAcme();
    await act(async () => view.update({ fetcher: endpoint.fetcher, orgId: "acme", userId: "u2" }));
    const late = endpoint.latest("acme");
    view.switchToGlobex();
    await act(async () => endpoint.latest("globex").answer(globex));
    await act(async () => late.answer(acme));
    expect(screen.getAllByText("Globex projects")).toHaveLength(2);
    expectNothingOfAcme();
  });

  test("when the server's session has not switched yet and answers about the previous one", async () => {
    const { switchToGlobex } = await showAcme();
    switchToGlobex();
    await act(async () => endpoint.latest("globex").answer(acme));
    expect(screen.getAllByText("Usage could not be loaded").length).toBeGreaterThan(0);
    expectNothingOfAcme();
    await act(async () => screen.getAllByRole("button", { name: "Try again" })[0]?.click());
    await act(async () => endpoint.latest("globex").answer(globex));
    expect(await screen.findAllByText("Globex projects")).toHaveLength(2);
    expectNothingOfAcme();
  });

  test("when the host keeps previous data everywhere", async () => {
    const { switchToGlobex } = await showAcme({ swr: { keepPreviousData: true } });
    switchToGlobex();
    expectNothingOfAcme();
  });

  test("when a middleware of the host hands out the data of an earlier key", async () => {
    let before: unknown;
    const laggy: Middleware = (useNext) => (key, fetcher, config) => {
      const swr = useNext(key, fetcher, config);
      if (swr.data !== undefined) before = swr.data;
      return Object.assign({}, swr, { data: before });
    };
    const { switchToGlobex } = await showAcme({ swr: { use: [laggy] } });
    switchToGlobex();
    expectNothingOfAcme();
  });

  test("when initial data of the previous one is still passed", async () => {
    const { switchToGlobex } = await showAcme({ initialData: acme });
    switchToGlobex();
    expectNothingOfAcme();
  });

  test("when a request of the previous one is refused late", async () => {
    let refuse: (error: unknown) => void = () => {};
    const create = () => new Promise<unknown>((_, reject) => (refuse = reject));
    const { switchToGlobex } = await showAcme({}, <Screen create={create} />);
    await userEvent.click(screen.getByRole("button", { name: "Create" }));
    switchToGlobex();
    await act(async () => endpoint.latest("globex").answer(globex));
    await act(async () => refuse({ ...limitProblem, current: 4242, limit: 4242 }));
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
    expectNothingOfAcme();
  });

  test("when it was refused something before", async () => {
    const create = () => Promise.reject({ ...limitProblem, current: 4242, limit: 4242 });
    const { switchToGlobex } = await showAcme({}, <Screen create={create} />);
    await userEvent.click(screen.getByRole("button", { name: "Create" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("4,242 of 4,242");
    await act(async () => endpoint.latest("acme").answer(acme));
    switchToGlobex();
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
    expectNothingOfAcme();
  });
});

test("a call that ended while another organisation was on screen is over when one comes back, and tells nothing", async () => {
  let refuse: (error: unknown) => void = () => {};
  const create = () => new Promise<unknown>((_, reject) => (refuse = reject));
  const { update } = renderUnder({ fetcher: endpoint.fetcher }, <Create create={create} />);
  await userEvent.click(screen.getByRole("button", { name: "Create" }));
  update({ fetcher: endpoint.fetcher, orgId: "globex" });
  expect(screen.getByRole("button")).toHaveTextContent("Create");
  await act(async () => refuse(limitProblem));
  update({ fetcher: endpoint.fetcher, orgId: "acme" });
  expect(screen.getByRole("button")).toHaveTextContent("Create");
});

test("a call that ends while a fallback of the host's stands there is not lost", async () => {
  let finish: (value: unknown) => void = () => {};
  const create = () => new Promise<unknown>((resolve) => (finish = resolve));
  const waiting = new Promise<void>(() => {});
  const page = (isWaiting: boolean) => (
    <SWRConfig value={{ provider: freshCache }}>
      <Suspense fallback="One moment">
        <EntitlementsProvider orgId="acme" fetcher={endpoint.fetcher}>
          <Create create={create} />
          {isWaiting && <Wait until={waiting} />}
        </EntitlementsProvider>
      </Suspense>
    </SWRConfig>
  );
  const { rerender } = render(page(false));
  await userEvent.click(screen.getByRole("button", { name: "Create" }));
  rerender(page(true));
  expect(screen.getByText("One moment")).toBeVisible();
  await act(async () => finish(limitProblem));
  rerender(page(false));
  expect(screen.getByRole("button")).toHaveTextContent("Refused");
});

test("signing out takes everything off the screen", async () => {
  const view = await showAcme();
  watcher = watch();
  view.update({ fetcher: endpoint.fetcher, orgId: null });
  expectNothingOfAcme();
});

test("coming back shows what was known of that organisation at once", async () => {
  const view = await showAcme();
  view.switchToGlobex();
  await act(async () => endpoint.latest("globex").answer(globex));
  view.update({ fetcher: endpoint.fetcher, orgId: "acme" });
  expect(screen.getAllByText("Acme projects")).toHaveLength(2);
  expect(screen.queryByText("Globex projects")).not.toBeInTheDocument();
});

test("another user of the same organisation starts from nothing", async () => {
  const view = await showAcme({ userId: "u1" });
  view.update({ fetcher: endpoint.fetcher, userId: "u2" });
  expect(screen.queryByText("Acme projects")).not.toBeInTheDocument();
});

test("initial data of one user is not the next user's", () => {
  const props = { fetcher: endpoint.fetcher, initialData: acme };
  const view = renderUnder({ ...props, userId: "u1" }, <Screen />);
  expect(screen.getAllByText("Acme projects")).toHaveLength(2);
  view.update({ ...props, userId: "u2" });
  expect(screen.queryByText("Acme projects")).not.toBeInTheDocument();
  view.update({ ...props, userId: "u2", initialData: { ...acme } });
  expect(screen.getAllByText("Acme projects")).toHaveLength(2);
});
