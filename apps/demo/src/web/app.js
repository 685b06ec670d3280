import { call, ProblemError } from "./api.js";
import { byId, clear, say, showProjects, showRace, showRacePlan, showUsage } from "./render.js";

const tabs = [...document.querySelectorAll('[role="tab"]')];
/** The last race of each organisation. */
const races = new Map();
let org = tabs[0].dataset.org;

function nameOf(id) {
  return tabs.find((tab) => tab.dataset.org === id).textContent.trim();
}

/** Reads and shows the chosen organisation. Answers for one that was left meanwhile are dropped. */
async function refresh() {
  const asked = org;
  const [usage, { projects }] = await Promise.all([
    call("GET", `/orgs/${asked}/entitlements`),
    call("GET", `/orgs/${asked}/projects`),
  ]);
  if (asked !== org) return;
  showUsage(usage.entitlements);
  showProjects(projects, toggleArchived);
  const quota = usage.entitlements.find(({ resourceType }) => resourceType === "quota:project");
  showRacePlan(nameOf(asked), quota.limit);
}

/** Runs one action at a time for a button, then shows what has become of it. */
function during(button, place, action) {
  return async (event) => {
    event?.preventDefault();
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    say(place, "");
    try {
      await action();
    } catch (error) {
      show(place, error);
    } finally {
      button.ariaDisabled = "false";
    }
  };
}

function show(place, error) {
  const status = error instanceof ProblemError ? `${error.status}: ` : "";
  say(place, `${status}${error.message}`, "refused");
}

async function toggleArchived({ id, name, archived }) {
  const asked = org;
  say("create-message", "");
  try {
    await call("PUT", `/orgs/${asked}/projects/${id}`, { name, archived: !archived });
    await refresh();
    if (asked === org) say("create-message", `${archived ? "Restored" : "Archived"} ${name}.`);
  } catch (error) {
    if (asked === org) show("create-message", error);
  }
}

function choose(tab) {
  org = tab.dataset.org;
  for (const each of tabs) {
    each.ariaSelected = String(each === tab);
    each.tabIndex = each === tab ? 0 : -1;
  }
  byId("panel").setAttribute("aria-labelledby", tab.id);
  history.replaceState(null, "", `#${org}`);
  form.reset();
  for (const place of ["key-message", "create-message", "reset-message"]) say(place, "");
  showRace(races.get(org) ?? null);
  // What belongs to the organisation before must not stand under this one's name.
  clear(true);
  const asked = org;
  refresh().catch((error) => {
    if (asked !== org) return;
    clear(false);
    show("create-message", error);
  });
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = tabs.at(target % tabs.length);
    next.focus();
    choose(next);
  });
}

const form = byId("create");
form.addEventListener(
  "submit",
  during(form.querySelector("button"), "create-message", async () => {
    const input = byId("name");
    const { name } = await call("POST", `/orgs/${org}/projects`, { name: input.value });
    input.value = "";
    say("create-message", `Created ${name}.`);
    await refresh();
  }),
);

byId("issue-key").addEventListener(
  "click",
  during(byId("issue-key"), "key-message", async () => {
    const { key } = await call("POST", `/orgs/${org}/api-keys`);
    say("key-message", `Issued ${key}. Only the number of keys is kept.`);
    await refresh();
  }),
);

byId("revoke-key").addEventListener(
  "click",
  during(byId("revoke-key"), "key-message", async () => {
    await call("DELETE", `/orgs/${org}/api-keys`);
    await refresh();
  }),
);

byId("race").addEventListener(
  "click",
  during(byId("race"), "summary", async () => {
    const asked = org;
    say("score", "Racing …");
    try {
      races.set(asked, await call("POST", `/orgs/${asked}/race`));
    } finally {
      if (asked === org) showRace(races.get(asked) ?? null);
    }
    await refresh();
  }),
);

byId("reset").addEventListener(
  "click",
  during(byId("reset"), "reset-message", async () => {
    await call("POST", "/reset");
    races.clear();
    showRace(null);
    await refresh();
    say("reset-message", "Every organisation is back to where it started.");
  }),
);

choose(tabs.find((tab) => `#${tab.dataset.org}` === location.hash) ?? tabs[0]);
