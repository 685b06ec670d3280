import type { Options } from "tsup";

/** ESM, CommonJS and types for every entry of a published package. */
export function library(entry: Record<string, string>): Options {
  return {
    entry,
    format: ["esm", "cjs"],
    target: "node20",
    // The workspace reads sources through the `@x/source` condition; a package is built against what its neighbours publish.
    dts: { compilerOptions: { ignoreDeprecations: "6.0", customConditions: [] } },
    sourcemap: true,
    clean: true,
    splitting: true,
  };
}
