import { readFileSync, writeFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";
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

const directive = '"use client";';

/** Rollup warns of directives and drops them, so sources are built without theirs and entries get it back. */
const withoutDirective: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "without-directive",
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(directive, ""),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};

/** On the first line, where it moves no other line of the map. */
function restoreDirective([entry, source]: readonly [entry: string, source: string]): void {
  if (!readFileSync(source, "utf8").startsWith(directive)) return;
  for (const file of [`dist/${entry}.js`, `dist/${entry}.cjs`]) {
    writeFileSync(file, `${directive} ${readFileSync(file, "utf8")}`);
  }
}

export default defineConfig({
  ...base,
  target: "es2022",
  platform: "browser",
  // One import of React for all modules of a file, instead of one for each.
  treeshake: true,
  esbuildPlugins: [withoutDirective],
  onSuccess: async () => {
    if (typeof base.onSuccess === "function") await base.onSuccess();
    Object.entries(entries).forEach(restoreDirective);
    writeFileSync("dist/styles.css", stylesheet(false));
    writeFileSync("dist/styles.layer.css", stylesheet(true));
    writeRegistry(stylesheet(false));
  },
});
