import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { listen } from "./fixtures/listen.ts";
import { holdLock, projectsApp } from "./fixtures/projects-app.ts";
import { onEachStorage } from "./fixtures/storages.ts";

onEachStorage((storage) => {
  // Fails when the gate is taken out (check, then write), on either storage; on PostgreSQL all 20 were made.
  it("20 concurrent requests for 5 free: 5 are made, 15 get the same 402", async () => {
    const host = await storage.open();
    await host.entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 5 });
    const { url } = await listen(projectsApp(host));
    // All have arrived before the first is let through.
    const letGo = await holdLock(host);
    const requests = Array.from({ length: 20 }, () => fetch(`${url}/projects`, { method: "POST" }));
    await setTimeout(300);
    await letGo();
    const answers = await Promise.all(requests);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(201), ...Array(15).fill(402)]);
    expect(await host.count("acme")).toBe(5);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.headers.get("Cache-Control")).toBe("no-store");
    expect(refused?.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await refused?.json()).toEqual({
      type: "urn:entitlements:problem:limit-reached",
      title: "Payment Required",
      status: 402,
      code: "ENTITLEMENT_LIMIT_REACHED",
      detail: "Projects limit reached (5/5)",
      instance: "/projects",
      resourceType: "quota:project",
      current: 5,
      limit: 5,
      requested: 1,
      resetsAt: null,
    });
  });
});
