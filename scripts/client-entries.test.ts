import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishedPackages } from "./published.mjs";

const serverSafe = ["/server"];
const found = publishedPackages().find(({ name }) => name === "@x/entitlements-react");
if (!found) throw new Error("@x/entitlements-react is not published.");
const dist = join(found.folder, "dist");
const read = (file: string) => readFileSync(file, "utf8");

describe.each(found.entries)("@x/entitlements-react$subpath", ({ subpath, esm }) => {
  test.each([".js", ".cjs"])("the built %s says whether it is for the client", (extension) => {
    const file = read(esm.replace(/\.js$/, extension));
    if (serverSafe.includes(subpath)) expect(file).not.toContain("use client");
    else expect(file.startsWith('"use client";')).toBe(true);
  });
});

test("what entries share is marked by the entries alone, so that server code may share it", () => {
  const chunks = readdirSync(dist).filter((name) => /^chunk-.*\.c?js$/.test(name));
  expect(chunks.length).toBeGreaterThan(0);
  for (const chunk of chunks) expect(read(join(dist, chunk)), chunk).not.toContain("use client");
});

test("the hooks load neither Radix nor a stylesheet, and the server's entry no React", () => {
  const imports = (entry: string, seen = new Set<string>()): Set<string> => {
    for (const [, specifier = ""] of read(join(dist, entry)).matchAll(/(?:from|import) ?"([^"]+)"/g)) {
      if (seen.has(specifier)) continue;
      seen.add(specifier);
      if (specifier.startsWith(".")) imports(specifier, seen);
    }
    return seen;
  };
  expect([...imports("hooks.js")].filter((name) => /radix|\.css$/.test(name))).toEqual([]);
  expect([...imports("server.js")].filter((name) => /react|swr|radix/.test(name))).toEqual([]);
});

describe("the stylesheets", () => {
  const unlayered = (css: string) => css.replaceAll(/@layer entitlements \{.*?^\}/gms, "");

  test("styles.css keeps the variables in the layer and the rules outside of it", () => {
    const css = read(join(dist, "styles.css"));
    expect(css).toMatch(/@layer entitlements \{.*--ent-danger/s);
    expect(unlayered(css)).toContain('[data-slot="usage-bar"]');
    expect(css).not.toContain("@import");
  });

  test("styles.layer.css keeps everything in the layer", () => {
    const css = read(join(dist, "styles.layer.css"));
    expect(css).toContain('[data-slot="usage-bar"]');
    expect(
      unlayered(css)
        .replaceAll(/\/\*.*?\*\//gs, "")
        .trim(),
    ).toBe("");
  });
});
