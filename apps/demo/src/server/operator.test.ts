import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { startTestDemo } from "./testing/test-demo.ts";

const PROJECTS = "/api/operator/organisations/acme/limits/quota:project";
const byOtto = { reason: "They asked", actor: "otto@example.com", expiresAt: null };

describe.each(databases)("on $name", (kind) => {
  test("an operator sees every organisation with its usage, and the limits with their reasons", async () => {
    const { as } = await startTestDemo(kind);
    const { status, body } = await (await as("otto"))("GET", "/api/operator/organisations");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      organisations: [{ id: "acme" }, { id: "globex" }, { id: "initech", name: "Initech", limits: [] }],
    });
    const [acme] = Object(body).organisations;
    expect(acme.entitlements[2]).toMatchObject({ label: "Projects", current: 4, limit: 5, status: "near" });
    const seeded = { reason: "demo seed", actor: null, expiresAt: null };
    const updatedAt = expect.stringMatching(/Z$/);
    expect(acme.limits).toContainEqual({ resourceType: "quota:project", limit: 5, ...seeded, updatedAt });
  });

  test("a limit is set, lowered below what is used, and lifted, each with reason and actor", async () => {
    const { as, call, logged } = await startTestDemo(kind);
    const otto = await as("otto");
    const create = async (name: string) => (await call("POST", "/api/orgs/acme/projects", { name })).status;
    const limits = async () => {
      const { organisations } = Object((await otto("GET", "/api/operator/organisations")).body);
      return organisations[0].limits;
    };

    expect(await otto("PUT", PROJECTS, { limit: 6, reason: "They asked" })).toMatchObject({
      status: 200,
      body: { resourceType: "quota:project", limit: 6, ...byOtto },
    });
    const set = { resourceType: "quota:project", limit: 6, ...byOtto };
    expect(await limits()).toContainEqual(expect.objectContaining(set));
    expect([await create("Fifth"), await create("Sixth"), await create("Seventh")]).toEqual([201, 201, 402]);

    expect(await otto("PUT", PROJECTS, { limit: 3, reason: "Downgrade" })).toMatchObject({ status: 200 });
    expect(await otto("GET", "/api/operator/over-limit")).toMatchObject({
      status: 200,
      body: {
        organisations: [
          { id: "acme", name: "Acme", entitlements: [{ resourceType: "quota:project", current: 6, limit: 3 }] },
        ],
        cursor: null,
      },
    });
    expect(await create("Seventh")).toBe(402);
    const changed = { event: "limit.changed", orgId: "acme", resourceType: "quota:project" };
    expect(logged).toContainEqual(expect.objectContaining({ ...changed, before: { limit: 6 }, after: { limit: 3 } }));
    expect(JSON.stringify(logged)).not.toContain("@");

    expect(await otto("DELETE", PROJECTS, { reason: "Partner" })).toMatchObject({ status: 204 });
    expect(await limits()).not.toContainEqual(expect.objectContaining({ resourceType: "quota:project" }));
    expect(await create("Seventh")).toBe(201);
    expect(await otto("PUT", PROJECTS, { limit: null, reason: "Partner" })).toMatchObject({ body: { limit: null } });
  });

  test("a limit without a reason, or that is none, changes nothing", async () => {
    const { as } = await startTestDemo(kind);
    const otto = await as("otto");
    const before = (await otto("GET", "/api/operator/organisations")).body;
    for (const body of [
      ...[{ limit: 9 }, { limit: 9, reason: " " }, { limit: 9, reason: "x".repeat(201) }, { reason: "No limit" }],
      ...[{ limit: -1, reason: "Negative" }, { limit: 1.5, reason: "Half" }, { limit: "9", reason: "Text" }, {}],
    ])
      expect([body, await otto("PUT", PROJECTS, body)]).toMatchObject([body, { status: 400 }]);
    expect(await otto("DELETE", PROJECTS, {})).toMatchObject({ status: 400 });
    for (const path of ["nowhere/limits/quota:project", "acme/limits/quota:projects", "acme/limits/__proto__"])
      expect(await otto("PUT", `/api/operator/organisations/${path}`, { limit: 9, reason: "R" })).toMatchObject({
        status: 404,
      });
    expect((await otto("GET", "/api/operator/organisations")).body).toEqual(before);
  });

  test("the pages of those over their limit follow each other", async () => {
    const { as, call } = await startTestDemo(kind);
    const otto = await as("otto");
    for (const org of ["acme", "globex"])
      await otto("PUT", `/api/operator/organisations/${org}/limits/quota:project`, { limit: 0, reason: "Test" });
    const { organisations } = Object((await otto("GET", "/api/operator/over-limit?cursor=acme")).body);
    expect(organisations).toMatchObject([{ id: "globex" }]);
    expect(await otto("GET", "/api/operator/over-limit?cursor=")).toMatchObject({ status: 400 });
    // What is over goes with the organisation.
    expect(await call("POST", "/api/auth/organization/delete", { organizationId: "globex" })).toMatchObject({
      status: 200,
    });
    expect(await otto("GET", "/api/operator/over-limit?cursor=acme")).toMatchObject({ body: { organisations: [] } });
  });

  test("to everybody else there are no such routes, whatever the method", async () => {
    const { as } = await startTestDemo(kind);
    for (const person of ["olivia", "mia", null] as const) {
      const call = await as(person);
      for (const [method, path] of [
        ["GET", "/api/operator/organisations"],
        ["GET", "/api/operator/over-limit"],
        ["PUT", PROJECTS],
        ["DELETE", PROJECTS],
        ["POST", "/api/operator/organisations"],
        ["GET", "/api/operator/nothing"],
      ] as const)
        expect(await call(method, path, method === "GET" ? undefined : { limit: 9, reason: "R" })).toMatchObject({
          status: 404,
          body: { title: "Not Found", detail: "There is nothing here.", instance: path },
        });
    }
  });
});
