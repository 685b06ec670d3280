import { auth } from "./api.js";
import { byId, element, say, showFailure } from "./render.js";

/** Reads and shows who is in the organisation and who is invited. `manages`: with the ways to change it. */
export async function showMembers(organizationId, { manages, user, isCurrent, changed }) {
  const query = `organizationId=${encodeURIComponent(organizationId)}`;
  const [{ members }, invitations] = await Promise.all([
    auth("GET", `organization/list-members?${query}`),
    manages ? auth("GET", `organization/list-invitations?${query}`) : [],
  ]);
  if (!isCurrent()) return;

  /** Does one thing to one row, then shows what has become of it. */
  const act = (path, body, done) => async () => {
    say("members-message", "");
    try {
      await auth("POST", `organization/${path}`, { organizationId, ...body });
      await changed();
      if (isCurrent()) say("members-message", done);
    } catch (error) {
      if (!isCurrent()) return;
      showFailure("members-message", error);
      // The old role, where a change was refused.
      await changed();
    }
  };

  const button = (text, label, action) => {
    const made = element("button", { type: "button", textContent: text, ariaLabel: label });
    made.addEventListener("click", action);
    return made;
  };

  const rowOf = ({ id, role, user: { email, id: userId } }) => {
    const children = [element("span", { textContent: email })];
    if (manages && userId !== user.id) {
      const roles = ["owner", "admin", "member"].map((one) => element("option", { value: one, textContent: one }));
      const select = element("select", { ariaLabel: `Role of ${email}` }, roles);
      select.value = role;
      select.addEventListener("change", () =>
        act("update-member-role", { memberId: id, role: select.value }, `${email} is ${select.value} now.`)(),
      );
      const removal = act("remove-member", { memberIdOrEmail: id }, `Removed ${email}.`);
      children.push(select, button("Remove", `Remove ${email}`, removal));
    } else children.push(element("span", { className: "muted", textContent: role }));
    return element("li", {}, children);
  };

  const invitationOf = ({ id, email, role }) => {
    const link = element("a", { href: `/?invitation=${id}`, textContent: "Link" });
    link.ariaLabel = `Invitation of ${email}`;
    const cancelling = act("cancel-invitation", { invitationId: id }, `Cancelled the invitation of ${email}.`);
    const text = element("span", { textContent: `${email} (invited as ${role})` });
    return element("li", { className: "archived" }, [
      text,
      link,
      button("Cancel", `Cancel the invitation of ${email}`, cancelling),
    ]);
  };

  const open = invitations.filter(({ status, expiresAt }) => status === "pending" && new Date(expiresAt) > new Date());
  byId("members").replaceChildren(...members.map(rowOf), ...open.map(invitationOf));
  byId("members").ariaBusy = "false";
  return members.find((member) => member.userId === user.id);
}
