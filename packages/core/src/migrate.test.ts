import { describe, expect, test } from "vitest";
import {
  type Adapter,
  ConfigurationError,
  counter,
  createEntitlements,
  type MemoryTransaction,
  memoryAdapter,
} from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }) };

describe("migrate and doctor", () => {
  const adapter: Adapter<MemoryTransaction> = {
    ...memoryAdapter(),
    inspect: async () => [
      { severity: "error", message: "Table project is missing.", fix: null },
      { severity: "warning", message: "Slow.", fix: "create index …" },
      { severity: "error", message: "Column org_id is missing.", fix: null },
    ],
  };

  test("migrate names everything that is missing, and no warning", async () => {
    const error = await createEntitlements({ adapter, resources })
      .migrate()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: "Table project is missing. Column org_id is missing." });
  });

  test("doctor lists everything and throws nothing", async () => {
    expect(await createEntitlements({ adapter, resources }).doctor()).toHaveLength(3);
  });

  test("memory has nothing to migrate or to mend", async () => {
    const entitlements = createEntitlements({ adapter: memoryAdapter(), resources });
    await entitlements.migrate();
    expect(await entitlements.doctor()).toEqual([]);
  });
});
