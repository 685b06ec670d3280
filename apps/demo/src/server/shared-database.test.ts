import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { started, stopped } from "./testing/demo-process.ts";
import { callAs } from "./testing/test-demo.ts";

describe.each(databases)("on $name", ({ create }) => {
  test("what a user has changed outlives a restart", async () => {
    const database = await create();
    await stopped(await started(database.environment));
    await database.run(
      "update org_entitlement set max_value = 7 where org_id = 'acme' and resource_type = 'quota:project'",
    );
    await database.run("delete from project where org_id = 'acme' and name = 'Website'");
    const { url } = await started(database.environment);
    const call = await callAs(url, "olivia");
    expect(await call("GET", "/api/orgs/acme/entitlements")).toMatchObject({
      body: { entitlements: [{}, {}, { limit: 7, current: 3 }, {}, {}] },
    });
  });

  test("an organisation that its owner has deleted is there again after a restart, with nothing of the old one counted", async () => {
    const database = await create();
    const first = await started(database.environment);
    const before = await callAs(first.url, "olivia");
    await before("POST", "/api/orgs/acme/api-keys", { name: "Second" });
    expect(await before("POST", "/api/auth/organization/delete", { organizationId: "acme" })).toMatchObject({
      status: 200,
    });
    await stopped(first);
    const { url } = await started(database.environment);
    const after = await callAs(url, "olivia");
    expect(await after("GET", "/api/orgs/acme/entitlements")).toMatchObject({
      body: { entitlements: [{}, {}, { limit: 5, current: 4 }, { limit: 2, current: 1 }, {}] },
    });
  });

  test("two servers start at once on one new database, fill it once, and share its last project", async () => {
    const database = await create();
    const [one, two] = await Promise.all([started(database.environment), started(database.environment)]);
    const [callOne, callTwo] = [await callAs(one.url, "olivia"), await callAs(two.url, "olivia")];
    expect(await callTwo("GET", "/api/orgs/acme/entitlements")).toMatchObject({
      body: { entitlements: [{}, {}, { limit: 5, current: 4 }, { limit: 2, current: 1 }, {}] },
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? callOne : callTwo)("POST", "/api/orgs/acme/projects", { name: `Client ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 402)]);
    expect(await database.countProjects("acme")).toBe(5);
  });
});
