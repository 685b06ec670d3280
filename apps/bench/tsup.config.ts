import { defineConfig } from "tsup";

export default defineConfig({
  // The process stands beside the command, which starts it several times.
  entry: { main: "src/main.ts", process: "src/sqlite/process.ts" },
  format: "esm",
  target: "node20",
  sourcemap: true,
  clean: true,
});
