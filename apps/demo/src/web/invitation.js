import { auth, call } from "./api.js";
import { byId, during } from "./render.js";

let id = new URLSearchParams(location.search).get("invitation");
let goOn = async () => {};

/** The invitation that the address names: what may be known of it without signing in, and the two answers to it. */
export async function showInvitation(session, then) {
  byId("invitation").hidden = id === null;
  if (id === null) return;
  goOn = then;
  const { valid, seatAvailable } = await call("GET", `/invitations/${encodeURIComponent(id)}`);
  byId("invitation-state").textContent = !valid
    ? "This invitation has been used, withdrawn or has expired."
    : !seatAvailable
      ? "The organisation has no free seat at the moment. Ask whoever has invited you."
      : session === null
        ? "Sign in, or sign up, with the address that was invited."
        : "A seat is kept for you.";
  byId("accept").disabled = session === null || !seatAvailable;
  byId("decline").disabled = session === null || !valid;
}

function answer(how) {
  return during(byId(how), "invitation-message", async () => {
    await auth("POST", `organization/${how === "accept" ? "accept" : "reject"}-invitation`, { invitationId: id });
    id = null;
    history.replaceState(null, "", "/");
    await goOn();
  });
}

for (const how of ["accept", "decline"]) byId(how).addEventListener("click", answer(how));
