import { defineConfig } from "tsup";

export default defineConfig({
  entry: { main: "src/server/main.ts" },
  format: "esm",
  target: "node20",
  sourcemap: true,
  clean: true,
  // Everything but the drivers: better-auth and Kysely are hundreds of files, which Node would read one by one.
  noExternal: [/^(?!(libsql|pg)$)/],
  esbuildOptions(options) {
    // Modules of ours that are imported for nothing but their types are left out, as they should be.
    options.logOverride = { "ignored-bare-import": "silent" };
  },
});
