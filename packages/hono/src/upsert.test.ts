import { Hono } from "hono";
import { expect, it } from "vitest";
import { fill } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";
import { requireEntitlement } from "./index.ts";

onEachStorage((storage) => {
  /** `PUT /projects/:id` makes a project of acme's, or changes it. */
  async function createApp(limit: number) {
    const host = await storage.open();
    await fill(host, limit - 1);
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit });
    const { entitlements, find, insert, rename } = host;
    const app = new Hono();
    const gate = requireEntitlement(entitlements, {
      resourceType: "quota:project",
      orgId: () => "acme",
      when: async (c, tx) => (await find(tx, c.req.param("id") ?? "")) === null,
    });
    app.put("/projects/:id", gate, async (c) => {
      const project = { id: c.req.param("id"), orgId: "acme", name: c.req.query("name") ?? "Apollo" };
      const creates = c.var.grant.claims.length > 0;
      await (creates ? insert : rename)(c.var.tx, project);
      return c.json(project, creates ? 201 : 200);
    });
    const put = async (path: string) => (await app.request(path, { method: "PUT" })).status;
    return { ...host, put };
  }

  it("a second PUT of a new id is an update, also where the first took the last unit", async () => {
    const { put, count } = await createApp(3);
    expect([await put("/projects/new"), await put("/projects/new?name=Gemini")]).toEqual([201, 200]);
    expect(await put("/projects/other")).toBe(402);
    expect(await count("acme")).toBe(3);
  });

  // Fails when the row is looked for before the lock is taken: of 20 one was made and 19 got 402 on SQLite, one got 402 on PostgreSQL.
  it.each([2, 20])(
    "%i PUTs of one new id at once, for the last unit: one makes it, the others change it",
    async (many) => {
      const { put, count } = await createApp(3);
      const statuses = await Promise.all(Array.from({ length: many }, (_, n) => put(`/projects/new?name=${n}`)));
      expect(statuses.sort()).toEqual([...Array(many - 1).fill(200), 201]);
      expect(await count("acme")).toBe(3);
    },
  );

  it("at capacity an update passes and what is new is refused", async () => {
    const { put, find, entitlements } = await createApp(3);
    await put("/projects/new");
    expect([await put("/projects/acme-1?name=Gemini"), await put("/projects/newer")]).toEqual([200, 402]);
    const claims = { "quota:project": 0 };
    const changed = await entitlements.enforce({ orgId: "acme", claims }, (tx) => find(tx, "acme-1"));
    expect(changed?.name).toBe("Gemini");
  });
});
