import { ProblemError } from "./api.js";

const BADGES = {
  unlimited: "No limit",
  blocked: "Blocked",
  ok: "Within limit",
  near: "Nearly full",
  at: "Full",
  over: "Over limit",
};

const CLIENTS = 20;

export function byId(id) {
  return document.getElementById(id);
}

export function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Shows a message in the place kept for it. */
export function say(id, text, tone = "plain") {
  const place = byId(id);
  place.textContent = text;
  place.dataset.tone = tone;
}

/** Shows what went wrong, with the status where the server has answered. */
export function showFailure(place, error) {
  say(place, `${error instanceof ProblemError ? `${error.status}: ` : ""}${error.message}`, "refused");
}

/** Runs one action at a time for a button, and shows what it fails with. */
export function during(button, place, action) {
  return async (event) => {
    event?.preventDefault();
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    say(place, "");
    try {
      await action();
    } catch (error) {
      showFailure(place, error);
    } finally {
      button.ariaDisabled = "false";
    }
  };
}

/** Takes away what is shown of an organisation, for one that is still being read or could not be. */
export function clear(busy) {
  const places = busy ? ["", "", ""].map(() => element("li", { className: "resource skeleton" })) : [];
  byId("usage").replaceChildren(...places);
  for (const id of ["projects", "members"]) byId(id).replaceChildren();
  for (const id of ["usage", "projects", "members"]) byId(id).ariaBusy = String(busy);
  byId("race-plan").textContent = "";
}

/** null: the viewer may not see it. */
export function showUsage(entitlements) {
  const hidden = element("li", { className: "muted", textContent: "Owners and admins see the usage." });
  byId("usage").replaceChildren(...(entitlements === null ? [hidden] : entitlements.map(resource)));
  byId("usage").ariaBusy = "false";
}

function resource({ label, kind, limit, current, status }) {
  const item = element("li", { className: "resource" });
  item.dataset.status = status;
  item.append(element("span", { className: "label", textContent: label }));
  if (kind === "feature") {
    const on = limit === null || limit > 0;
    item.dataset.status = on ? "ok" : "blocked";
    item.append(element("span", { className: "badge", textContent: on ? "On" : "Off" }));
    return item;
  }
  const value = limit === null ? String(current) : `${current} of ${limit}`;
  item.append(element("span", { className: "value", textContent: value }));
  item.append(element("span", { className: "badge", textContent: BADGES[status] }));
  // Without a limit there is no share to draw.
  if (limit !== null) item.append(bar(label, value, limit, current));
  return item;
}

function bar(label, value, limit, current) {
  const made = element("progress", { max: Math.max(1, limit), value: Math.min(current, Math.max(1, limit)) });
  made.ariaLabel = label;
  made.ariaValueText = value;
  return made;
}

/** The button that has the focus keeps it, though it is made anew. */
export function showProjects(projects, onArchive) {
  const focused = byId("projects").contains(document.activeElement) ? document.activeElement.dataset.project : null;
  byId("projects").replaceChildren(
    ...projects.map((project) => {
      const { name, archived } = project;
      const action = archived ? "Restore" : "Archive";
      const button = element("button", { type: "button", textContent: action, ariaLabel: `${action} ${name}` });
      button.dataset.project = project.id;
      button.addEventListener("click", () => onArchive(project));
      const text = element("span", { textContent: archived ? `${name} (archived)` : name });
      return element("li", { className: archived ? "archived" : "" }, [text, button]);
    }),
  );
  byId("projects").ariaBusy = "false";
  if (focused)
    [...byId("projects").querySelectorAll("button")].find((each) => each.dataset.project === focused)?.focus();
}

export function showRacePlan(name, limit) {
  const prepare =
    limit === null
      ? `${name} has no limit, so nothing is prepared and nobody is refused.`
      : `First ${name} is brought to ${Math.max(0, limit - 1)} of ${limit}: sample projects are added, or the newest ones removed. Archived ones stay.`;
  byId("race-plan").textContent =
    `${prepare} Then the server sends itself 20 real requests to create a project, all at once.`;
}

export function showRace(race) {
  const { statuses, problem } = race ?? { statuses: [], problem: null };
  say("score", race === null ? "No race yet." : score(race));
  say("summary", race === null ? "" : summary(race));
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const status = statuses[index];
    const item = element("li", { textContent: status === undefined ? "–" : status === 0 ? "none" : String(status) });
    if (status !== undefined) item.dataset.status = status;
    return item;
  });
  byId("clients").replaceChildren(...clients);
  const none = race === null ? "After a race, the first 402 stands here." : "Nobody was refused.";
  byId("problem").textContent = problem === null ? none : JSON.stringify(problem, null, 2);
}

function score({ created, refused, other }) {
  return `${created} × 201, ${refused} × 402${other > 0 ? `, ${other} × other` : ""}`;
}

function summary({ limit, added, removed, created, refused }) {
  const before =
    added > 0 ? `Added ${added} before the race. ` : removed > 0 ? `Removed ${removed} before the race. ` : "";
  if (limit === null) return `${created} created, none refused: there is no limit.`;
  return `${before}${created} created, ${refused} refused with “Payment Required”.`;
}
