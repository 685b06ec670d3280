import { describe, expect, it } from "vitest";
import { both, claimBoth, expectExact, failureOf, insertProject, numberOf } from "../fixtures/app.ts";
import { commits, createNetworked, type Networked } from "../fixtures/network.ts";

const UNKNOWN = { name: "StorageError", code: "ENTITLEMENT_STORAGE", status: 503, outcome: "unknown" };

/** What becomes of the first COMMIT, and whether it is in force then. */
const ways: readonly (readonly [string, (app: Networked) => void, number])[] = [
  [
    "never reaches the server",
    ({ proxy }) => {
      let cut = false;
      proxy.onData((direction, bytes) => {
        if (cut || direction !== "up" || !commits(bytes)) return "pass";
        cut = true;
        return "cut";
      });
    },
    0,
  ],
  [
    "is done, and its answer is cut off",
    ({ proxy }) => {
      let sent = false;
      proxy.onData((direction, bytes) => {
        if (direction === "up") sent ||= commits(bytes);
        if (direction === "up" || !sent) return "pass";
        proxy.onData();
        return "cut";
      });
    },
    1,
  ],
  [
    "is done, and its answer never comes: the call ends at its deadline",
    ({ proxy }) => {
      let sent = false;
      proxy.onData((direction, bytes) => {
        if (direction === "up") sent ||= commits(bytes);
        if (direction === "up" || !sent) return "pass";
        proxy.onData();
        return "drop";
      });
    },
    1,
  ],
];

const LOCKINGS = ["before", "at-commit"] as const;

// Fails where own-transaction.ts takes a connection that broke in COMMIT for a transaction that was rolled back, and where
// the result is remembered in another transaction than the write.
describe("a COMMIT that nobody knows the end of", () => {
  it.each(ways.flatMap(([way, ...rest]) => LOCKINGS.map((locking) => [way, locking, ...rest] as const)))(
    "%s (locking %s): the outcome is unknown, the same idempotency key settles it to exactly one",
    async (_way, locking, fault, written) => {
      const app = await createNetworked();
      const entitlements = app.connect(app.openAfar(), { transactionTimeoutMs: 500 });
      await claimBoth(entitlements);
      // So that a repeated call finds the organisation full: what was done already claims nothing.
      await entitlements.setLimit({ orgId: "acme", resourceType: "quota:project", limit: 2 });
      fault(app);
      let runs = 0;
      const call = (): Promise<string> =>
        entitlements.enforce({ ...both, idempotencyKey: "order-7", locking }, async (tx) => {
          runs += 1;
          await insertProject(tx, "acme", `order-7, run ${runs}`);
          return `run ${runs}`;
        });
      const failed = await failureOf(call());
      expect(failed).toMatchObject(UNKNOWN);
      expect(await numberOf(app.host, "select count(*) from project")).toBe(1 + written);
      expect(await call()).toBe(written === 1 ? "run 1" : "run 2");
      expect(await call()).toBe(written === 1 ? "run 1" : "run 2");
      expect(runs).toBe(2 - written);
      await app.entitlements.clearLimit({ orgId: "acme", resourceType: "quota:project" });
      await expectExact(app, 2);
    },
  );

  it("without a key the caller can look: a limit change that was cut off is there or is not", async () => {
    const app = await createNetworked();
    const entitlements = app.connect(app.openAfar());
    const project = { orgId: "acme", resourceType: "quota:project" } as const;
    await entitlements.setLimit({ ...project, limit: 3 });
    for (const [index, [, fault, written]] of ways.slice(0, 2).entries()) {
      fault(app);
      const limit = 10 + index;
      expect(await failureOf(entitlements.setLimit({ ...project, limit }))).toMatchObject(UNKNOWN);
      expect(await entitlements.resolveEntitlement(project)).toMatchObject({ limit: written === 1 ? limit : 3 });
    }
    await expectExact(app, 0);
  });

  // Fails where inSavepoint takes it for an unknown outcome: the transaction that held it cannot have been committed.
  it("in a caller's transaction nothing is unknown: what was cut off in it is rolled back with it", async () => {
    const app = await createNetworked();
    const tx = await app.openAfar().connect();
    tx.on("error", () => {});
    await tx.query("begin");
    const failed = app.entitlements.enforce({ ...both, tx }, async () => {
      await insertProject(tx);
      app.proxy.onData((direction, bytes) =>
        direction === "up" && bytes.includes("release savepoint") ? "cut" : "pass",
      );
    });
    await expect(failed).rejects.toMatchObject({ ...UNKNOWN, outcome: "rolled-back" });
    tx.release(true);
    await expectExact(app, 0);
  });
});
