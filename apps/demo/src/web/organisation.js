import { auth, call, ProblemError } from "./api.js";
import { showMembers } from "./members.js";
import {
  byId,
  clear,
  during,
  element,
  say,
  showFailure,
  showProjects,
  showRace,
  showRacePlan,
  showUsage,
} from "./render.js";

/** The last race of each organisation. */
const races = new Map();
let tabs = [];
let user = null;
let org = null;
/** Whether the user manages the chosen organisation; the server decides, this only shows or hides. */
let manages = false;

/** Shows the organisations of a user who has some. */
export function setUp(signedIn, organisations) {
  user = signedIn;
  tabs = organisations.toSorted((a, b) => a.name.localeCompare(b.name)).map(tabOf);
  byId("tabs").replaceChildren(...tabs);
  for (const [index, tab] of tabs.entries()) tab.addEventListener("keydown", (event) => step(event, index));
  const named = tabs.find((tab) => `#${tab.dataset.org}` === location.hash) ?? tabs[0];
  choose(named.dataset.org);
}

function tabOf({ id, name }) {
  const tab = element("button", { type: "button", role: "tab", id: `tab-${id}`, textContent: name });
  tab.setAttribute("aria-controls", "panel");
  Object.assign(tab.dataset, { org: id, label: name });
  tab.addEventListener("click", () => choose(id));
  return tab;
}

function step(event, index) {
  const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
  if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = tabs.at(target % tabs.length);
  next.focus();
  choose(next.dataset.org);
}

function nameOf(id) {
  return tabs.find((tab) => tab.dataset.org === id).textContent.trim();
}

/** The usage, for those who manage; null for the others, who get no numbers. */
async function readUsage(asked) {
  try {
    return (await call("GET", `/orgs/${asked}/entitlements`)).entitlements;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 403) return null;
    throw error;
  }
}

/** Reads and shows the chosen organisation. Answers for one that was left meanwhile are dropped. */
async function refresh() {
  const asked = org;
  const isCurrent = () => asked === org;
  const [usage, { projects }] = await Promise.all([readUsage(asked), call("GET", `/orgs/${asked}/projects`)]);
  if (!isCurrent()) return;
  manages = usage !== null;
  for (const each of document.querySelectorAll(".managers")) each.hidden = !manages;
  showUsage(usage);
  showProjects(projects, toggleArchived);
  if (usage !== null) {
    const quota = usage.find(({ resourceType }) => resourceType === "quota:project");
    showRacePlan(nameOf(asked), quota.limit);
  }
  await showMembers(asked, { manages, user, isCurrent, changed: refresh });
}

async function toggleArchived({ id, name, archived }) {
  const asked = org;
  say("create-message", "");
  try {
    await call("PUT", `/orgs/${asked}/projects/${id}`, { name, archived: !archived });
    await refresh();
    if (asked === org) say("create-message", `${archived ? "Restored" : "Archived"} ${name}.`);
  } catch (error) {
    if (asked === org) showFailure("create-message", error);
  }
}

export function choose(id) {
  org = id;
  for (const each of tabs) {
    const chosen = each.dataset.org === id;
    each.ariaSelected = String(chosen);
    each.tabIndex = chosen ? 0 : -1;
  }
  byId("panel").setAttribute("aria-labelledby", `tab-${id}`);
  history.replaceState(null, "", `${location.search}#${id}`);
  for (const form of ["create", "invite"]) byId(form).reset();
  for (const place of ["key-message", "create-message", "members-message", "reset-message"]) say(place, "");
  showRace(races.get(id) ?? null);
  // What belongs to the organisation before must not stand under this one's name, nor what only its managers may see.
  clear(true);
  for (const each of document.querySelectorAll(".managers")) each.hidden = true;
  refresh().catch((error) => {
    if (id !== org) return;
    clear(false);
    showFailure("create-message", error);
  });
}

byId("create").addEventListener(
  "submit",
  during(byId("create").querySelector("button"), "create-message", async () => {
    const input = byId("name");
    const { name } = await call("POST", `/orgs/${org}/projects`, { name: input.value });
    input.value = "";
    say("create-message", `Created ${name}.`);
    await refresh();
  }),
);

byId("invite").addEventListener(
  "submit",
  during(byId("invite").querySelector("button"), "members-message", async () => {
    const [email, role] = [byId("invitee").value, byId("invitee-role").value];
    await auth("POST", "organization/invite-member", { organizationId: org, email, role });
    byId("invitee").value = "";
    say("members-message", `Invited ${email}. The link is what they need.`);
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
    say("reset-message", "Projects, keys and limits of Acme, Globex and Initech are back to where they started.");
  }),
);
