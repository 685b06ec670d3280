import { defineConfig } from "vitest/config";
import { conditions, databaseServer } from "./vitest.config.ts";

/** Long runs with random input and many processes. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["**/*.soak.test.ts"],
    globalSetup: [databaseServer],
    testTimeout: 600_000,
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/soak.json" },
  },
});
