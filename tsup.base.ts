import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    onSuccess: async () => dropCommonJsMaps("dist"),
  };
}

/** Splitting CommonJS loses the sources: its maps would hold nothing but a path of the builder's machine. */
function dropCommonJsMaps(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = `${folder}/${name}`;
    if (name.endsWith(".cjs.map")) rmSync(file);
    if (name.endsWith(".cjs"))
      writeFileSync(file, readFileSync(file, "utf8").replace(/^\/\/# sourceMappingURL=.*\n?/m, ""));
  }
}
