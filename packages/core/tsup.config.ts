import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(
  library({
    index: "src/index.ts",
    adapter: "src/adapter.ts",
    errors: "src/errors.ts",
    wire: "src/wire.ts",
    http: "src/http.ts",
    testing: "src/testing/index.ts",
  }),
);
