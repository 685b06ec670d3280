import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

const bridges = ["drizzle", "kysely", "pg", "pglite", "postgres-js"];

export default defineConfig(
  library({ index: "src/index.ts", ...Object.fromEntries(bridges.map((name) => [name, `src/bridges/${name}.ts`])) }),
);
