import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect as connectTo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { databases } from "./testing/databases.ts";
import { started } from "./testing/demo-process.ts";
import { createSqliteFile } from "./testing/sqlite-file.ts";
import { call, callAs, signIn } from "./testing/test-demo.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

describe.each(databases)("on $name", ({ create }) => {
  test.each(signals)("%s: one line, exit code 0, and the database can be used again", async (signal) => {
    const { environment, countProjects } = await create();
    const demo = await started(environment);
    await (await callAs(demo.url, "olivia"))("POST", "/api/orgs/acme/projects", { name: "Fifth" });
    demo.process.kill(signal);
    expect(await demo.ended).toBe(0);
    expect(demo.output.out).toMatch(/\nStopped\.\n$/);
    expect(demo.output.error).toBe("");
    // The last connection has closed: SQLite has moved everything into the one file.
    expect(existsSync(`${environment["DATABASE_FILE"]}-wal`)).toBe(false);
    expect(await countProjects("acme")).toBe(5);
  });

  test("a request under way is answered first, and connections without one do not hold it up", async () => {
    const demo = await started((await create()).environment);
    const cookie = await signIn(demo.url, "olivia");
    const port = Number(new URL(demo.url).port);
    const idle = connectTo(port, "127.0.0.1");
    const slow = connectTo(port, "127.0.0.1");
    await Promise.all([once(idle, "connect"), once(slow, "connect")]);
    const body = JSON.stringify({ name: "Slowly typed" });
    slow.write(
      `POST /api/orgs/acme/projects HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await call(demo.url, "GET", "/");

    demo.process.kill("SIGINT");
    await expect.poll(() => call(demo.url, "GET", "/").catch(() => "refused")).toBe("refused");
    slow.write(body.slice(5));
    const [answer] = await once(slow, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 201 /);
    expect(await demo.ended).toBe(0);
  });
});

test("a second Ctrl-C does not wait for a request that never ends", async () => {
  const demo = await started((await createSqliteFile()).environment);
  const stuck = connectTo(Number(new URL(demo.url).port), "127.0.0.1");
  stuck.on("error", () => {});
  stuck.write("POST /api/orgs/acme/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{");
  await call(demo.url, "GET", "/");
  demo.process.kill("SIGINT");
  // Sent on by npx or pnpm, the same key press arrives twice.
  demo.process.kill("SIGINT");
  expect(await Promise.race([demo.ended, setTimeout(600, "waiting")])).toBe("waiting");
  demo.process.kill("SIGINT");
  expect(await demo.ended).toBe(130);
});
