import { readFileSync, writeFileSync } from "node:fs";
import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";
import { writeRegistry } from "./registry.ts";

const entries = {
  index: "src/index.ts",
  hooks: "src/hooks.ts",
  server: "src/server.ts",
  "usage-bar": "src/usage-bar/usage-bar.tsx",
};
const base = library(entries);

/** One stylesheet of every part; `rulesLayer` puts the rules into the layer of the tokens too. */
function stylesheet(rulesLayer: boolean): string {
  const imports = readFileSync("src/styles/index.css", "utf8").matchAll(/@import "(.+)";/g);
  const [tokens = "", ...rules] = Array.from(imports, ([, part]) =>
    readFileSync(`src/styles/${part}`, "utf8").trimEnd(),
  );
  const body = rules.join("\n\n");
  return `${tokens}\n\n${rulesLayer ? `@layer entitlements {\n${body.replaceAll(/^(?=.)/gm, "  ")}\n}` : body}\n`;
}

const directive = '"use client";\n';

/** esbuild keeps the directive of an entry first in the ES module; on the way to CommonJS other code gets before it. */
function keepDirectiveFirst(entry: string): void {
  const file = `dist/${entry}.cjs`;
  if (!readFileSync(`dist/${entry}.js`, "utf8").startsWith(directive)) return;
  writeFileSync(file, directive + readFileSync(file, "utf8").replaceAll(/^\s*["']use client["'];\s*$/gm, ""));
}

export default defineConfig({
  ...base,
  target: "es2022",
  platform: "browser",
  onSuccess: async () => {
    if (typeof base.onSuccess === "function") await base.onSuccess();
    Object.keys(entries).forEach(keepDirectiveFirst);
    writeFileSync("dist/styles.css", stylesheet(false));
    writeFileSync("dist/styles.layer.css", stylesheet(true));
    writeRegistry(stylesheet(false));
  },
});
