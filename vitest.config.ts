import { fileURLToPath } from "node:url";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";
import { chromiumArgs, chromiumPath } from "./scripts/browser.mjs";

/** Tests of a package run against the sources of its neighbours, so they need no build. */
export const conditions = ["@x/source", ...defaultServerConditions];
export const databaseServer = fileURLToPath(new URL("packages/postgres/src/fixtures/server.ts", import.meta.url));
const soak = "**/*.soak.test.ts";
const looks = "src/looks.test.tsx";

const endToEnd = "src/e2e/**/*.test.ts";
const exclude = [...configDefaults.exclude, soak];

function project(
  name: string,
  folder: string,
  globalSetup: string[] = [],
  files: { include?: string[]; exclude?: string[] } = {},
) {
  return {
    extends: true as const,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, root: folder, globalSetup, ...files },
  };
}

const executablePath = await chromiumPath();
const chromium = playwright({
  launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: [...chromiumArgs] },
});

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Many tests wait for a lock or a server and leave the processor idle.
    maxWorkers: 2,
    exclude,
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
        test: {
          name: "react",
          root: "packages/react",
          exclude: [...configDefaults.exclude, looks],
          environment: "jsdom",
          setupFiles: [fileURLToPath(new URL("packages/react/src/fixtures/setup.ts", import.meta.url))],
        },
      },
      project("demo", "apps/demo", [databaseServer], { exclude: [...exclude, endToEnd] }),
      // The built demo in a real browser.
      project("e2e", "apps/demo", [databaseServer], { include: [endToEnd] }),
      project("bench", "apps/bench"),
      // Every story in a real browser: its play function, and the accessibility rules.
      {
        extends: true,
        plugins: [storybookTest({ configDir: fileURLToPath(new URL(".storybook", import.meta.url)) })],
        test: {
          name: "storybook",
          browser: { enabled: true, headless: true, provider: chromium, instances: [{ browser: "chromium" }] },
        },
      },
      // The stories again, on a small screen and under settings of the system that no story can choose.
      {
        extends: true,
        resolve: { conditions: ["@x/source", ...defaultClientConditions] },
        optimizeDeps: { entries: [`packages/react/${looks}`] },
        test: {
          name: "looks",
          root: "packages/react",
          include: [looks],
          browser: {
            enabled: true,
            headless: true,
            provider: chromium,
            instances: [{ browser: "chromium" }],
            screenshotFailures: false,
          },
        },
      },
      // The repository's own tests look at what is built and published.
      { extends: true, test: { name: "repo", include: ["scripts/**/*.test.ts", "*.test.ts"] } },
    ],
  },
});
