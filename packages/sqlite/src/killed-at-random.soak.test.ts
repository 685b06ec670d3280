import { afterEach, expect, it } from "vitest";
import { massacre } from "./fixtures/massacre.ts";
import { createApp } from "./fixtures/scratch.ts";
import { endVictims } from "./fixtures/victims.ts";

const SECONDS = 30;

afterEach(endVictims);

it("for half a minute one of five processes after the other is killed: every count stays exact", async () => {
  const until = performance.now() + SECONDS * 1_000;
  const account = await massacre(await createApp(), {
    processes: 5,
    limit: 20,
    enough: () => performance.now() > until,
  });
  console.log(account);
  expect(account.kills).toBeGreaterThan(20);
  expect(account.inFlight).toBeGreaterThan(0);
}, 120_000);
