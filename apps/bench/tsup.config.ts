import { defineConfig } from "tsup";

export default defineConfig({
  // The processes stand beside the command, which starts them.
  entry: {
    main: "src/main.ts",
    process: "src/sqlite/process.ts",
    "network-process": "src/postgres/network-process.ts",
  },
  format: "esm",
  target: "node20",
  sourcemap: true,
  clean: true,
});
