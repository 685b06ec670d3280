import { auth } from "./api.js";
import { showInvitation } from "./invitation.js";
import { choose, setUp } from "./organisation.js";
import { byId, during, say } from "./render.js";

/** Shows what belongs to whoever is signed in, or the way in. */
async function begin() {
  const session = await auth("GET", "get-session");
  const organisations = session === null ? [] : await auth("GET", "organization/list");
  byId("session").hidden = session === null;
  byId("sign-in").hidden = session !== null;
  byId("found").hidden = session === null || organisations.length > 0;
  byId("workspace").hidden = organisations.length === 0;
  byId("who").textContent = session === null ? "" : `Signed in as ${session.user.email}`;
  await showInvitation(session, begin);
  if (organisations.length > 0) setUp(session.user, organisations);
}

/** The name of somebody who has none yet. */
const nameOf = (email) => email.split("@")[0] || "Somebody";

async function signIn(email, password) {
  await auth("POST", "sign-in/email", { email, password });
  await begin();
}

for (const button of document.querySelectorAll("[data-email]"))
  button.addEventListener(
    "click",
    during(button, "sign-in-message", () => signIn(button.dataset.email, "entitlements")),
  );

byId("credentials").addEventListener("submit", (event) => {
  const [email, password] = [byId("email").value, byId("password").value];
  const isNew = event.submitter === byId("sign-up");
  const act = isNew
    ? async () => {
        await auth("POST", "sign-up/email", { email, password, name: nameOf(email) });
        await begin();
      }
    : () => signIn(email, password);
  return during(event.submitter, "sign-in-message", act)(event);
});

byId("sign-out").addEventListener(
  "click",
  during(byId("sign-out"), "sign-in-message", async () => {
    await auth("POST", "sign-out", {});
    // Nothing of this person's may stay on the page.
    location.assign("/");
  }),
);

byId("founding").addEventListener(
  "submit",
  during(byId("founding").querySelector("button"), "found-message", async () => {
    const name = byId("organisation").value;
    const { id } = await auth("POST", "organization/create", { name, slug: crypto.randomUUID() });
    await begin();
    choose(id);
  }),
);

begin().catch((error) => {
  byId("sign-in").hidden = false;
  say("sign-in-message", error.message, "refused");
});
