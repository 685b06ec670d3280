import { expect, test } from "vitest";
import { onScene, ORG as orgId } from "./fixtures/scene.ts";

const item = { orgId, resourceType: "quota:item" } as const;

// Fails where nobody announces that he waits: those who share the lock never let him in.
test.each([4, 16])(
  "a first limit is set although %s writers share the lock without a pause",
  async (writers) => {
    await onScene({}, async ({ one, two, insert }) => {
      for (const process of [one, two]) await process.enforce({ orgId, claims: { "quota:item": 0 } }, () => {});
      let isOver = false;
      const write = async (process: typeof one): Promise<void> => {
        while (!isOver)
          await process
            .enforce(item, async (tx) => {
              await insert(tx);
              await tx.query("select pg_sleep(0.01)");
            })
            .catch(() => {
              isOver = true;
            });
      };
      const writing = Array.from({ length: writers }, (_, index) => write(index % 2 === 0 ? one : two));
      const outcome = await two.setLimit({ ...item, limit: 1 }).then(() => "set", String);
      isOver = true;
      await Promise.all(writing);
      expect(outcome).toBe("set");
    });
  },
  30_000,
);
