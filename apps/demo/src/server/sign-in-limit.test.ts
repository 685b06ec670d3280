import proxyAddress from "proxy-addr";
import { describe, expect, test } from "vitest";
import { databases, sqlite } from "./testing/databases.ts";
import { call as send, startTestDemo } from "./testing/test-demo.ts";

const SIGN_IN = "/api/auth/sign-in/email";
const wrong = { email: "olivia@example.com", password: "not this one" };
const right = { email: "olivia@example.com", password: "entitlements" };
// Olivia signs in for each test demo.
const signInAttempts = 4;

describe.each(databases)("on $name", (kind) => {
  test("too many attempts are refused, the right password too, and who has signed in goes on", async () => {
    const { url, call } = await startTestDemo(kind, { signInAttempts });
    const attempts = await Promise.all([1, 2, 3, 4, 5].map(() => send(url, "POST", SIGN_IN, wrong)));
    expect(attempts.map(({ status }) => status).toSorted()).toEqual([401, 401, 401, 429, 429]);
    const refused = await send(url, "POST", SIGN_IN, right);
    expect(refused).toMatchObject({
      status: 429,
      body: { title: "Too Many Requests", detail: "Too many attempts. Try again later.", instance: SIGN_IN },
    });
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(60);
    for (let time = 0; time < 10; time++)
      expect(await call("GET", "/api/auth/get-session")).toMatchObject({ status: 200 });
  });

  test("after a minute they may try again", async () => {
    const { url, database } = await startTestDemo(kind, { signInAttempts });
    for (let time = 0; time < 5; time++) await send(url, "POST", SIGN_IN, wrong);
    expect(await send(url, "POST", SIGN_IN, right)).toMatchObject({ status: 429 });
    await database.run(`update "rateLimit" set "lastRequest" = "lastRequest" - 60000`);
    expect(await send(url, "POST", SIGN_IN, right)).toMatchObject({ status: 200 });
  });
});

test("no header makes another client of somebody", async () => {
  const { url } = await startTestDemo(sqlite, { signInAttempts });
  const answers = [];
  for (let n = 0; n < 5; n++) {
    const claimed = {
      "X-Forwarded-For": `10.0.0.${n}`,
      "X-Demo-Client-Address": `10.0.0.${n}`,
      "X-Real-IP": `10.0.0.${n}`,
    };
    answers.push((await send(url, "POST", SIGN_IN, wrong, claimed)).status);
  }
  expect(answers).toEqual([401, 401, 401, 429, 429]);
});

test("behind a trusted proxy everybody has attempts of their own, whatever they say of themselves", async () => {
  const trustProxy = proxyAddress.compile(["127.0.0.1"]);
  const { url } = await startTestDemo(sqlite, { signInAttempts, trustProxy });
  const from = async (forwarded: string) =>
    (await send(url, "POST", SIGN_IN, wrong, { "X-Forwarded-For": forwarded })).status;
  for (let n = 0; n < 4; n++) expect(await from(`198.51.100.${n}, 203.0.113.7`)).toBe(401);
  expect(await from("198.51.100.9, 203.0.113.7")).toBe(429);
  expect(await from("203.0.113.8")).toBe(401);
});

test("behind a trusted proxy with TLS the page is where its browser says it is", async () => {
  for (const [trusts, status] of [
    [true, 200],
    [false, 403],
  ] as const) {
    const { url } = await startTestDemo(sqlite, { trustProxy: () => trusts });
    const headers = { Origin: url.replace("http:", "https:"), "X-Forwarded-Proto": "https" };
    expect(await send(url, "POST", SIGN_IN, right, headers)).toMatchObject({ status });
  }
});
