import { join } from "node:path";
import { expect, test } from "vitest";
import { change, madeDatabase, started } from "./testing/demo-process.ts";
import { call, countProjects, temporaryFolder } from "./testing/test-demo.ts";

test("what a user has changed outlives a restart", async () => {
  const DATABASE_FILE = await madeDatabase();
  change(
    DATABASE_FILE,
    "update org_entitlement set max_value = 7 where org_id = 'acme' and resource_type = 'quota:project'",
  );
  change(DATABASE_FILE, "delete from project where org_id = 'acme' and name = 'Website'");
  const { url } = await started({ DATABASE_FILE });
  expect(await call(url, "GET", "/api/orgs/acme/entitlements")).toMatchObject({
    body: { entitlements: [{ limit: 7, current: 3 }, {}, {}] },
  });
});

test("two servers start at once on one new file, and share its last project", async () => {
  const DATABASE_FILE = join(await temporaryFolder(), "demo.db");
  const [one, two] = await Promise.all([started({ DATABASE_FILE }), started({ DATABASE_FILE })]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      call(index % 2 === 0 ? one.url : two.url, "POST", "/api/orgs/acme/projects", { name: `Client ${index}` }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 402)]);
  expect(countProjects(DATABASE_FILE, "acme")).toBe(5);
});
