import { expect, test } from "vitest";
import { eachDatabase } from "./fixtures/each-database.ts";
import { createWorld } from "./fixtures/world.ts";

test.each(eachDatabase)(
  "doctor() says what better-auth leaves open, and its statements close it (%s)",
  async (name, open) => {
    const { entitlements, database } = await createWorld(open);
    const ours = async () => (await entitlements.doctor()).filter(({ message }) => /twice|better-auth/.test(message));
    const [twice, late] = await ours();
    expect(twice).toMatchObject({
      severity: "warning",
      message: expect.stringContaining("member of one organisation twice"),
    });
    await database.run(twice?.fix ?? "");
    // SQLite's drivers wait for seconds, not for minutes.
    if (name.includes("SQLite")) return expect(await ours()).toEqual([]);
    expect(await ours()).toEqual([late]);
    expect(late?.message).toMatch(/^better-auth writes after its hook/);
    expect(late?.fix).toBe("alter role current_user set statement_timeout = '30s'");
  },
);
