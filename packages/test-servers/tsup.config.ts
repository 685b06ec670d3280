import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

// It finds the server's binaries from where it stands itself (`import.meta.url`), which CommonJS does not know.
export default defineConfig({ ...library({ index: "src/index.ts" }), format: "esm" });
