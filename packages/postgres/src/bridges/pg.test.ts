import { testAdapter } from "@x/entitlements-core/testing";
import { describe, expect, test } from "vitest";
import { createApp, failureOf } from "../fixtures/app.ts";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPg } from "../fixtures/pg.ts";
import { fromPg } from "./pg.ts";

testAdapter(underTest(onPg));
testBridge(onPg);

// Fails where nobody looks at what `connect` returns: the call waits for a callback, and the client is lost. Where what comes
// twice is taken twice, a listener is left behind.
describe("a pool whose `connect` the host has wrapped", () => {
  const consume = { orgId: "acme", resourceType: "quota:credit" } as const;

  test("and that hands its clients out by a promise alone", async () => {
    const { open, connect } = await createApp();
    const pool = open({ max: 1 });
    const inner = pool.connect.bind(pool);
    Object.assign(pool, { connect: async () => inner() });
    const entitlements = connect(pool, { lockTimeoutMs: 2_000 });
    for (let time = 0; time < 2; time++) await entitlements.consume(consume);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });

  test("and that hands them out in both ways", async () => {
    const { open, connect } = await createApp();
    const pool = open({ max: 1 });
    const inner = pool.connect.bind(pool);
    const both = async (callback: (error: undefined, client: unknown) => void) => {
      const client = await inner();
      callback(undefined, client);
      return client;
    };
    Object.assign(pool, { connect: both });
    await connect(pool).consume(consume);
    const client = await inner();
    expect(client.listenerCount("error")).toBe(0);
    client.release();
  });

  // Fails where `destroy` throws what the host throws: an abort calls it, and the process would end.
  test("and whose clients throw when they are given back", async () => {
    const { open } = await createApp();
    const pool = open();
    const inner = pool.connect.bind(pool);
    const wrapped = async () => {
      const client = await inner();
      const { release } = client;
      client.release = (destroy) => {
        release(destroy);
        throw new Error("mine");
      };
      return client;
    };
    Object.assign(pool, { connect: wrapped });
    const connection = await fromPg(pool).connect();
    expect(() => connection.destroy()).not.toThrow();
    await expect.poll(() => pool.totalCount).toBe(0);
  });

  test("and that fails by a promise", async () => {
    const { open, connect } = await createApp();
    const pool = open();
    const cause = new Error("no token");
    Object.assign(pool, { connect: async () => Promise.reject(cause) });
    const failed = failureOf(connect(pool, { lockTimeoutMs: 2_000 }).consume(consume));
    expect(await failed).toMatchObject({ name: "StorageError", cause });
  });
});
