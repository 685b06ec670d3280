import fc from "fast-check";
import { expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

/** What would tell of the inside: SQL, drivers, stacks, files, and what is in organisations that were not asked about. */
const INTERNAL =
  /sqlite|postgres|kysely|libsql|select |insert into|update "|syntax error|constraint|node_modules|\.ts:|\.m?js:|at \w+ \(|Error:|reactor|hammock|tps reports/i;

// Text of every kind: halves of surrogate pairs, control characters, quotes, what is special in SQL, URLs and JSON.
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.constantFrom("", "acme", "' or 1=1 --", '"; drop table member', "%00", "\0", "\ud800", "../../x", "__proto__"),
  fc.constantFrom("constructor", "9007199254740993", "-1", "1e999", "null", "a".repeat(5_000), "owner,admin", "admin"),
);
const field = fc.constantFrom(
  "name",
  "archived",
  "email",
  "password",
  "role",
  "organizationId",
  "memberId",
  "slug",
  "invitationId",
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.object(),
);
const body = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(field, value, { maxKeys: 5 }).map((object) => JSON.stringify(object)) },
  { weight: 1, arbitrary: fc.json({ noUnicodeString: false }) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const ownRoutes = [
  ...[
    "entitlements",
    "projects",
    "projects/",
    "members",
    "invitations",
    "api-keys",
    "api-keys/",
    "race-lab/x",
    "nothing",
  ],
];
const authRoutes = [
  ...["sign-up/email", "sign-in/email", "sign-out", "get-session", "list-sessions", "change-password", "update-user"],
  ...[
    "create",
    "update",
    "delete",
    "leave",
    "list",
    "list-members",
    "list-invitations",
    "get-invitation",
    "invite-member",
  ],
  ...[
    "accept-invitation",
    "reject-invitation",
    "cancel-invitation",
    "update-member-role",
    "remove-member",
    "has-permission",
  ],
  ...["get-full-organization", "set-active", "check-slug"],
].map((route, index) => (index < 7 ? route : `organization/${route}`));
const queryName = fc.oneof(
  text,
  fc.constantFrom("organizationId", "id", "limit", "offset", "sortBy", "filterField", "filterValue", "membersLimit"),
);

const path = fc.oneof(
  fc
    .tuple(text, fc.constantFrom(...ownRoutes), text)
    .map(([org, route, id]) => `/api/orgs/${encode(org)}/${route}${encode(id)}`),
  fc.tuple(fc.constantFrom(...ownRoutes), text).map(([route, id]) => `/api/orgs/acme/${route}${encode(id)}`),
  fc
    .tuple(fc.constantFrom(...authRoutes), queryName, text)
    .map(([route, name, of]) => `/api/auth/${route}?${encode(name)}=${encode(of)}`),
  fc.constantFrom(...authRoutes).map((route) => `/api/auth/${route}`),
  text.map((id) => `/api/invitations/${encode(id)}`),
  fc.constantFrom("/api/me", "/api/people", "/healthz", "/api/operator/organisations"),
  text.map((cursor) => `/api/operator/over-limit?cursor=${encode(cursor)}`),
  text.map((client) => `/api/race-lab/naive/${encode(client)}`),
  text.map((rest) => `/${encode(rest)}`),
);

// As a browser would, or only what cannot stand in a path at all.
function encode(part: string): string {
  const whole = new TextDecoder().decode(new TextEncoder().encode(part));
  return part.length % 2 === 0 ? encodeURIComponent(whole) : whole.replaceAll(/[^!-~]|[#?]/g, "_");
}

const header = fc.string({ unit: fc.constantFrom(..."abc019 ;=,/%\"'.:-_{}[]"), maxLength: 40 });
const headers = fc.record(
  {
    "Content-Type": fc.oneof(
      header,
      fc.constantFrom(
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
      ),
    ),
    "If-None-Match": header,
    "X-Forwarded-For": header,
    Authorization: header,
    Origin: fc.oneof(header, fc.constantFrom("null", "http://elsewhere.example")),
    Cookie: header,
  },
  { requiredKeys: [] },
);
/** Whose session it comes with: an owner's, a member's, an operator's or none. */
const by = fc.constantFrom("olivia", "mia", "otto", null);

const wild = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
  ...{ path, body, headers, by },
});

// Requests that get past the first doors, with something odd in them.
const org = fc.oneof(fc.constantFrom("acme", "globex"), text.map(encode));
const person = fc.oneof(text, fc.constantFrom("new@example.com", "mia@example.com", "O'Hara@EXAMPLE.com"));
const role = fc.oneof(
  fc.constantFrom("member", "admin", "owner", "member,admin"),
  fc.array(text, { maxLength: 3 }),
  text,
);
const limited = fc.oneof(fc.constantFrom("quota:project", "seat:member", "feature:sso"), text.map(encode));
const plausible = fc
  .oneof(
    fc.record({
      method: fc.constant("POST"),
      path: org.map((id) => `/api/orgs/${id}/projects`),
      body: fc.record({ name: text }),
    }),
    fc.record({
      method: fc.constant("PUT"),
      path: fc.tuple(org, text).map(([id, project]) => `/api/orgs/${id}/projects/${encode(project)}`),
      body: fc.record({ name: fc.oneof(text, fc.constant("Fine")), archived: value }, { requiredKeys: ["name"] }),
    }),
    fc.record({
      method: fc.constant("POST"),
      path: org.map((id) => `/api/orgs/${id}/api-keys`),
      body: fc.record({ name: text }),
    }),
    fc.record({
      method: fc.constant("DELETE"),
      path: fc.tuple(org, text).map(([id, key]) => `/api/orgs/${id}/api-keys/${encode(key)}`),
    }),
    fc.record({
      method: fc.constant("POST"),
      path: org.map((id) => `/api/orgs/${id}/race-lab`),
      // One that is run takes long.
      body: fc.record({ door: fc.oneof(text, fc.constant("project")), clients: fc.constant(1), protection: value }),
    }),
    fc.record({
      method: fc.constantFrom("PUT", "DELETE"),
      path: fc.tuple(org, limited).map(([id, type]) => `/api/operator/organisations/${id}/limits/${type}`),
      body: fc.record({ limit: fc.oneof(fc.nat(60), value), reason: text }, { requiredKeys: ["reason"] }),
    }),
    fc.record({
      method: fc.constant("POST"),
      path: fc.constant("/api/auth/organization/invite-member"),
      body: fc.record({ organizationId: org, email: person, role, resend: value }, { requiredKeys: ["email", "role"] }),
    }),
    fc.record({
      method: fc.constant("POST"),
      path: fc.constantFrom("accept", "reject", "cancel").map((what) => `/api/auth/organization/${what}-invitation`),
      body: fc.record({ invitationId: text }),
    }),
    fc.record({
      method: fc.constant("POST"),
      path: fc.constant("/api/auth/organization/update-member-role"),
      body: fc.record({ organizationId: org, memberId: text, role }),
    }),
  )
  .chain((one) =>
    by.map((person) => ({
      ...one,
      headers: {},
      by: person,
      body: "body" in one ? JSON.stringify(one.body) : undefined,
    })),
  );

const request = fc.oneof(wild, plausible);

const CASES = 2_004;
const AT_ONCE = 12;

test.each(databases)(
  "2,000 requests of any kind: none is a 5xx, none tells of the inside, on $name",
  async (kind) => {
    const { call, as, logged } = await startTestDemo(kind);
    const callers = { olivia: call, mia: await as("mia"), otto: await as("otto"), null: await as(null) };
    const seen = new Set<number>();
    const round = fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE });
    await fc.assert(
      fc.asyncProperty(round, async (requests) => {
        const answers = await Promise.all(
          requests.map(async ({ method, path, body, headers, by }) => {
            const sent = method === "GET" || method === "HEAD" ? undefined : body;
            const { Cookie: _cookie, ...others }: Record<string, string> = headers;
            const answer = await callers[`${by}`](method, path, sent, by === null ? headers : others);
            return { asked: `${method} ${path}`, status: answer.status, told: told(answer.body), sent };
          }),
        );
        for (const answer of answers) seen.add(answer.status);
        for (const { asked, status, told, sent } of answers) {
          expect([status < 500, asked, sent]).toEqual([true, asked, sent]);
          // What was sent may come back in a message about it.
          if (!INTERNAL.test(`${asked} ${sent}`))
            expect([asked, told]).toEqual([asked, expect.not.stringMatching(INTERNAL)]);
        }
      }),
      { numRuns: CASES / AT_ONCE, endOnFailure: true },
    );
    expect(logged.filter(({ level }) => level === "error")).toEqual([]);
    // What is asked is not all refused at the first door.
    for (const status of [200, 201, 400, 401, 402, 403, 404, 405]) expect(seen).toContain(status);
  },
  120_000,
);

/** The answer without the page, and without what Olivia may see. */
function told(answer: unknown): string {
  if (typeof answer === "string") return answer.startsWith("<!doctype") ? "" : answer;
  const { organizations: _own, organisations: _every, ...rest } = Object(answer);
  return JSON.stringify(rest);
}
