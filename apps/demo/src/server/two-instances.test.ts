import { describe, expect, test } from "vitest";
import { type Run, started } from "./testing/demo-process.ts";
import { createPostgresDatabase } from "./testing/postgres-database.ts";
import { roundRobin } from "./testing/round-robin.ts";
import { type Answer, type Call, callAs, callWith, call as send } from "./testing/test-demo.ts";

const CLIENTS = 12;
const clients = Array.from({ length: CLIENTS }, (_, index) => index);

/** Two processes on one new database, and the address of the proxy in front of them. */
async function startTwo(environment: Readonly<Record<string, string>> = {}) {
  const database = await createPostgresDatabase();
  const settings = { ...database.environment, TRUST_PROXY: "loopback", ...environment };
  const servers = await Promise.all([started(settings), started(settings)]);
  const url = await roundRobin(servers.map((server) => server.url));
  return { database, servers, url };
}

/** What each of them has logged of refusals. */
function denials({ output }: Run): number {
  return output.out.split("\n").filter((line) => line.includes('"enforce.denied"')).length;
}

function expectOne(answers: readonly Answer[], servers: readonly Run[]) {
  const granted = answers.filter(({ status }) => status < 300);
  const refused = answers.filter(({ status, body }) => status === 402 && Object(body).current === Object(body).limit);
  expect([granted.length, refused.length]).toEqual([1, CLIENTS - 1]);
  // Both had their part in it.
  for (const server of servers) expect(denials(server)).toBeGreaterThan(0);
}

async function limitTo(url: string, resourceType: string, limit: number) {
  const otto = await callAs(url, "otto");
  const path = `/api/operator/organisations/acme/limits/${resourceType}`;
  expect(await otto("PUT", path, { limit, reason: "Test" })).toMatchObject({ status: 200 });
}

/** People who have just signed up, each invited to Acme. */
async function invitedPeople(url: string, olivia: Call) {
  const people = [];
  for (const n of clients) {
    const email = `n${n}@example.com`;
    const signedUp = await send(url, "POST", "/api/auth/sign-up/email", {
      email,
      password: "a long one",
      name: `N${n}`,
    });
    const invite = { organizationId: "acme", email, role: "member" };
    const { body } = await olivia("POST", "/api/auth/organization/invite-member", invite);
    people.push({ call: callWith(url, signedUp.headers), invitationId: String(Object(body).id) });
  }
  return people;
}

const accept = ({ call, invitationId }: Awaited<ReturnType<typeof invitedPeople>>[number]) =>
  call("POST", "/api/auth/organization/accept-invitation", { invitationId });

describe("two servers on one PostgreSQL behind a proxy", () => {
  test("projects: one of twelve clients gets the last one", async () => {
    const { url, servers, database } = await startTwo();
    const olivia = await callAs(url, "olivia");
    const create = (n: number) => olivia("POST", "/api/orgs/acme/projects", { name: `Client ${n}` });
    expectOne(await Promise.all(clients.map(create)), servers);
    expect(await database.countProjects("acme")).toBe(5);
  });

  test("API keys: one of twelve clients gets the last one", async () => {
    const { url, servers } = await startTwo();
    const olivia = await callAs(url, "olivia");
    const create = (n: number) => olivia("POST", "/api/orgs/acme/api-keys", { name: `Client ${n}` });
    expectOne(await Promise.all(clients.map(create)), servers);
    expect(Object((await olivia("GET", "/api/orgs/acme/api-keys")).body).keys).toHaveLength(2);
  });

  test("invitations: one of twelve is issued", async () => {
    const { url, servers } = await startTwo();
    const olivia = await callAs(url, "olivia");
    const invite = (n: number) =>
      olivia("POST", "/api/auth/organization/invite-member", {
        ...{ organizationId: "acme", email: `n${n}@example.com`, role: "member" },
      });
    expectOne(await Promise.all(clients.map(invite)), servers);
    expect(Object((await olivia("GET", "/api/orgs/acme/invitations")).body).invitations).toHaveLength(2);
  });

  test("accepting: of twelve who are invited one joins", async () => {
    const { url, servers } = await startTwo();
    const olivia = await callAs(url, "olivia");
    await limitTo(url, "seat:member", 50);
    const people = await invitedPeople(url, olivia);
    await limitTo(url, "seat:member", 2);
    const answers = await Promise.all(people.map(accept));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...clients.slice(1).map(() => 402)]);
    for (const server of servers) expect(denials(server)).toBeGreaterThan(0);
    const { members } = Object((await olivia("GET", "/api/orgs/acme/members")).body);
    expect(members.filter(({ role }: { role: string }) => role === "member")).toHaveLength(2);
  });

  test("promotions: of twelve members one becomes an admin", async () => {
    const { url, servers } = await startTwo();
    const olivia = await callAs(url, "olivia");
    await limitTo(url, "seat:member", 50);
    for (const person of await invitedPeople(url, olivia)) expect(await accept(person)).toMatchObject({ status: 200 });
    await limitTo(url, "seat:admin", 3);
    const list = async () => [...Object((await olivia("GET", "/api/orgs/acme/members")).body).members];
    const members = (await list()).filter(({ email }) => email.startsWith("n"));
    const promote = ({ id: memberId }: { id: string }) =>
      olivia("POST", "/api/auth/organization/update-member-role", { organizationId: "acme", memberId, role: "admin" });
    expectOne(await Promise.all(members.map(promote)), servers);
    expect((await list()).filter(({ role }) => role !== "member")).toHaveLength(3);
  });

  test("a session holds at both, and ends at both", async () => {
    const { url, servers } = await startTwo();
    const mia = await callAs(url, "mia");
    const asked = () => Promise.all(servers.map(async () => (await mia("GET", "/api/me")).status));
    expect(await asked()).toEqual([200, 200]);
    expect(await mia("POST", "/api/auth/sign-out", {})).toMatchObject({ status: 200 });
    expect(await asked()).toEqual([401, 401]);
  });

  test("attempts to sign in are counted together", async () => {
    const { url } = await startTwo({ SIGN_IN_ATTEMPTS: "6" });
    const wrong = { email: "mia@example.com", password: "not this one" };
    const answers = await Promise.all(clients.map(() => send(url, "POST", "/api/auth/sign-in/email", wrong)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(6).fill(401), ...Array(6).fill(429)]);
  });

  test("a race of an organisation's is one at both", async () => {
    const { url, servers } = await startTwo();
    const olivia = await callAs(url, "olivia");
    const race = () => olivia("POST", "/api/orgs/acme/race-lab", { door: "accept", clients: 30, protection: true });
    const answers = await Promise.all(servers.map(race));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test("one stops while requests come: it answers those that it has, and the other takes the rest", async () => {
    const { servers, database } = await startTwo();
    const [one, two] = servers;
    if (one === undefined || two === undefined) throw new Error("Not started.");
    const [first, second] = [await callAs(one.url, "olivia"), await callAs(two.url, "olivia")];
    const letGo = await database.holdWriters();
    const underWay = clients.map((n) => first("POST", "/api/orgs/globex/projects", { name: `Client ${n}` }));
    const waiting =
      "select pid from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())";
    await expect.poll(() => database.rows(waiting)).not.toEqual([]);
    one.process.kill("SIGTERM");
    await expect.poll(() => send(one.url, "GET", "/healthz").catch(() => "refused")).toBe("refused");
    expect(await send(two.url, "GET", "/healthz")).toMatchObject({ status: 200 });
    await letGo();
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual(clients.map(() => 201));
    expect(await one.ended).toBe(0);
    expect(await second("POST", "/api/orgs/globex/projects", { name: "Next" })).toMatchObject({ status: 201 });
    expect(await database.countProjects("globex")).toBe(3 + CLIENTS + 1);
  });
});
