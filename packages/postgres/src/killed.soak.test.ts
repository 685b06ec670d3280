import { expect, it } from "vitest";
import { killAtRandom } from "./fixtures/killings.ts";

it("for a minute a session is ended every 200 ms: every count stays exact", async () => {
  const account = await killAtRandom(60);
  console.log(account);
  expect(account.kills).toBeGreaterThan(200);
  expect(account.inTransaction).toBeGreaterThan(100);
  expect(account.lockTimeouts).toBe(0);
}, 120_000);
