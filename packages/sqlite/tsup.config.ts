import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

const bridges = ["better-sqlite3", "drizzle", "kysely", "libsql", "libsql-client", "node-sqlite"];

export default defineConfig(
  library({ index: "src/index.ts", ...Object.fromEntries(bridges.map((name) => [name, `src/bridges/${name}.ts`])) }),
);
