import type { InviteLineStatus, InviteMessages } from "./invite-messages.ts";

const ADDRESSES = { one: "# address", other: "# addresses" };

export const englishInvite: InviteMessages = {
  inviteAddresses: () => "E-mail addresses",
  inviteAddressesHint: () => "Divided by commas, spaces or lines.",
  inviteFile: () => "Add from a CSV file",
  inviteFileRead: ({ name, count }, { plural }) => `${plural(count, ADDRESSES)} added from ${name}.`,
  inviteFileFailed: ({ name }) => `${name} could not be read. A file may have up to 1 MB.`,
  inviteRole: () => "Role",
  inviteLines: ({ total, ready }, { number, plural }) => `${plural(total, ADDRESSES)}, ${number(ready)} to invite`,
  inviteLine: ({ status }) => LINE[status],
  inviteMore: ({ count }, { number }) => `and ${number(count)} more`,
  inviteFit: ({ label, ready, fits, free }, { number, plural }) => {
    if (ready === 0) return free === null ? `${label}: unlimited` : `${label}: ${number(free)} free`;
    const verb = plural(ready, { one: "fits", other: "fit" });
    return `${number(fits)} of ${number(ready)} ${verb} in ${label}`;
  },
  inviteEveryFull: () => "Every seat is taken.",
  inviteDenied: (denial, { number }) => {
    const counts = denial.kind === "limit" ? `${number(denial.current)} of ${number(denial.limit)} in use. ` : "";
    return `${counts}What you typed is still here.`;
  },
  inviteSubmit: ({ count }, { plural }) =>
    count < 2 ? "Send invitation" : plural(count, { one: "Send # invitation", other: "Send # invitations" }),
  inviteMissing: ({ what }) => (what === "role" ? "Choose a role." : "Enter at least one e-mail address."),
  inviteSending: () => "Sending…",
  inviteSent: ({ sent, failed, kept }, { number, plural }) => {
    const parts = [
      sent > 0 && plural(sent, { one: "# invitation sent.", other: "# invitations sent." }),
      failed > 0 && `${number(failed)} failed.`,
      kept > 0 && `${number(kept)} not sent.`,
    ];
    return parts.filter(Boolean).join(" ");
  },
};

const LINE: { readonly [S in InviteLineStatus]: string } = {
  ready: "Ready",
  invalid: "Not an e-mail address",
  duplicate: "Listed twice",
  member: "Already a member",
  invited: "Already invited",
  full: "No seat left",
  sending: "Sending…",
  sent: "Invitation sent",
  failed: "Not sent",
};
