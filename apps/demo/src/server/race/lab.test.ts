import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { databases } from "../testing/databases.ts";
import { started } from "../testing/demo-process.ts";
import { callAs, call as send, startTestDemo } from "../testing/test-demo.ts";
import { DOORS } from "./doors.ts";

const LAB = "/api/orgs/acme/race-lab";

describe.each(databases)("on $name", (kind) => {
  test.each(DOORS)("door %s, with protection: one of twelve gets the last one", async (door) => {
    const { call } = await startTestDemo(kind);
    const { status, body } = await call("POST", LAB, { door, clients: 12, protection: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ door, clients: 12, protection: true, limit: 3, before: 2, after: 3 },
      ...{ granted: 1, refused: 11, other: 0, overshoot: 0 },
    });
    const { results } = Object(body);
    expect(results).toHaveLength(12);
    for (const one of results) {
      expect(one).toEqual({ status: expect.any(Number), startedMs: expect.any(Number), latencyMs: expect.any(Number) });
      expect(one.latencyMs).toBeGreaterThan(0);
    }
  });

  test.each(DOORS)("door %s, counted and then inserted: more than one get the last one", async (door) => {
    const { call } = await startTestDemo(kind);
    const { status, body } = await call("POST", LAB, { door, clients: 30, protection: false });
    expect(status).toBe(200);
    const { granted, refused, overshoot, after, ...result } = Object(body);
    expect(result).toMatchObject({ limit: 3, before: 2, other: 0 });
    expect(overshoot).toBeGreaterThan(0);
    expect({ after, overshoot, refused }).toEqual({
      after: 2 + granted,
      overshoot: granted - 1,
      refused: 30 - granted,
    });
  });

  test("fifty clients at each door: still one", async () => {
    const { call } = await startTestDemo(kind);
    for (const door of DOORS)
      expect([door, (await call("POST", LAB, { door, clients: 50, protection: true })).body]).toMatchObject([
        door,
        { granted: 1, refused: 49, other: 0, overshoot: 0 },
      ]);
  });

  test("a race leaves nothing behind, and touches nothing of the organisation", async () => {
    const { call, database, logged } = await startTestDemo(kind);
    const usage = (await call("GET", "/api/orgs/acme/entitlements")).body;
    const before = await database.countRows();
    expect(before).toMatchObject({ organization: 3, race_run: 0 });
    for (const door of DOORS)
      for (const protection of [true, false])
        expect(await call("POST", LAB, { door, clients: 3, protection })).toMatchObject({ status: 200 });
    expect(await database.countRows()).toEqual(before);
    expect((await call("GET", "/api/orgs/acme/entitlements")).body).toEqual(usage);
    expect(logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("two races of one organisation at once: the second is told to wait, one of another organisation is not", async () => {
    const { call } = await startTestDemo(kind);
    const body = { door: "accept", clients: 20, protection: true };
    const answers = await Promise.all([LAB, LAB, "/api/orgs/globex/race-lab"].map((path) => call("POST", path, body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 409]);
    expect(answers[2]).toMatchObject({ status: 200 });
    expect(await call("POST", LAB, body)).toMatchObject({ status: 200 });
  });

  test("what a crash leaves is seen by nobody, and removed by the next start once its time is over", async () => {
    const database = await kind.create();
    const demo = await started(database.environment);
    const before = await database.countRows();
    const olivia = await callAs(demo.url, "olivia");
    const racing = olivia("POST", LAB, { door: "accept", clients: 50, protection: false }).catch(() => null);
    await expect.poll(() => database.rows("select id from race_run"), { interval: 1, timeout: 20_000 }).toHaveLength(1);
    demo.process.kill("SIGKILL");
    await Promise.all([demo.ended, racing]);
    expect(await database.countRows()).toMatchObject({ race_run: 1, organization: 4 });
    // Above its limit, so that the list of those would have it as well.
    await database.run("update org_entitlement set max_value = 1 where org_id like 'race-%' and has_override");

    const { url } = await started(database.environment);
    const [otto, again] = [await callAs(url, "otto"), await callAs(url, "olivia")];
    for (const answer of [
      ...[await otto("GET", "/api/operator/organisations"), await otto("GET", "/api/operator/over-limit")],
      ...[await again("GET", "/api/me"), await again("GET", "/api/auth/organization/list")],
    ])
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([200, expect.not.stringMatching(/race/i)]);
    expect(await again("POST", LAB, { door: "project", clients: 2, protection: true })).toMatchObject({ status: 409 });

    await database.run("update race_run set ends_by = '2001-01-01T00:00:00.000Z'");
    await started(database.environment);
    // Those who have signed in meanwhile are there to stay.
    const signedIn = { session: expect.any(Number), rateLimit: expect.any(Number) };
    expect(await database.countRows()).toEqual({ ...before, ...signedIn });
  });

  test("what a race could not remove is gone with a later one", async () => {
    const { call, database } = await startTestDemo(kind);
    await database.run(`insert into race_run (id, org_id, ends_by) values ('left', 'acme', '9999')`);
    const race = { door: "project", clients: 2, protection: true };
    expect(await call("POST", LAB, race)).toMatchObject({ status: 409 });
    await database.run("update race_run set ends_by = '2001-01-01T00:00:00.000Z'");
    expect(await call("POST", LAB, race)).toMatchObject({ status: 200 });
    expect(await database.countRows()).toMatchObject({ race_run: 0 });
  });

  test("the door without protection is open to nobody, before, during and after a race", async () => {
    const { call, url, database } = await startTestDemo(kind);
    const racing = call("POST", LAB, { door: "project", clients: 50, protection: false });
    const found: number[] = [];
    for (let time = 0; time < 20; time++) {
      for (const headers of [{}, { "X-Race-Token": "" }, { "X-Race-Token": "undefined" }])
        for (const method of ["GET", "POST", "DELETE"])
          found.push((await send(url, method, "/api/race-lab/naive/0", undefined, headers)).status);
      await setTimeout(5);
    }
    await racing;
    expect(new Set(found)).toEqual(new Set([404]));
    expect(await database.countProjects("acme")).toBe(4);
  });

  test("what is no race is refused", async () => {
    const { call, as } = await startTestDemo(kind);
    const fine = { door: "project", clients: 2, protection: true };
    for (const body of [
      ...[
        {},
        { ...fine, door: "window" },
        { ...fine, clients: 1 },
        { ...fine, clients: 51 },
        { ...fine, clients: 2.5 },
      ],
      ...[
        { ...fine, protection: "no" },
        { ...fine, limit: 9 },
      ],
    ])
      expect([body, await call("POST", LAB, body)]).toMatchObject([body, { status: 400 }]);
    expect(await (await as("mia"))("POST", LAB, fine)).toMatchObject({ status: 403 });
  });
});
