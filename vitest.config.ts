import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

/** Tests of a package run against the sources of its neighbours, so they need no build. */
export const conditions = ["@x/source", ...defaultServerConditions];
export const databaseServer = fileURLToPath(new URL("packages/postgres/src/fixtures/server.ts", import.meta.url));
const soak = "**/*.soak.test.ts";

function project(name: string, folder: string, globalSetup: string[] = []) {
  return {
    extends: true as const,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, root: folder, globalSetup },
  };
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Many tests wait for a lock or a server and leave the processor idle.
    maxWorkers: 2,
    exclude: [...configDefaults.exclude, soak],
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/report.json" },
    projects: [
      project("core", "packages/core"),
      project("sqlite", "packages/sqlite"),
      project("postgres", "packages/postgres", [databaseServer]),
      project("test-servers", "packages/test-servers"),
      project("hono", "packages/hono", [databaseServer]),
      project("better-auth", "packages/better-auth", [databaseServer]),
      {
        ...project("react", "packages/react"),
        test: { name: "react", root: "packages/react", environment: "jsdom", setupFiles: ["src/fixtures/setup.ts"] },
      },
      project("demo", "apps/demo", [databaseServer]),
      project("bench", "apps/bench"),
      // The repository's own tests look at what is built and published.
      { extends: true, test: { name: "repo", include: ["scripts/**/*.test.ts", "*.test.ts"] } },
    ],
  },
});
