import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { publishedPackages } from "./published.mjs";

const packages = publishedPackages();
const entries = packages.flatMap(({ name, entries }) =>
  entries.map((entry) => ({ ...entry, specifier: name + entry.subpath })),
);

/** Names an entry's declaration file exports, types included. */
function declaredNames(checker: ts.TypeChecker, program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
}

test("the public surface changes only where this snapshot shows it", async () => {
  const program = ts.createProgram(
    entries.map(({ types }) => types),
    {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      skipLibCheck: true,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  const surface: string[] = [];
  for (const { specifier, esm, types } of entries) {
    const values = Object.keys(await import(esm)).sort();
    const declared = declaredNames(checker, program, types);
    expect(declared, `${specifier} declares what it exports`).toEqual(expect.arrayContaining(values));
    const onlyTypes = declared.filter((name) => !values.includes(name)).sort();
    surface.push(specifier, ...values.map((name) => `  ${name}`), ...onlyTypes.map((name) => `  type ${name}`), "");
  }
  await expect(surface.join("\n")).toMatchFileSnapshot("exports.snapshot.txt");
});

/** Every module that a file imports outside its own package, found by following its relative imports. */
function bareImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return fileName;
    const target = join(dirname(file), fileName);
    if (!existsSync(target)) throw new Error(`${file} imports ${fileName}, which does not exist.`);
    return bareImports(target, seen);
  });
}

describe("core runs anywhere: nothing but zod is imported", () => {
  const anywhere = ["", "/adapter", "/errors", "/wire", "/http"].map((subpath) => `@x/entitlements-core${subpath}`);

  test.each(anywhere)("%s", (specifier) => {
    const entry = entries.find((candidate) => candidate.specifier === specifier);
    if (!entry) throw new Error(`${specifier} is not exported.`);
    for (const file of [entry.source, entry.esm, entry.esm.replace(/\.js$/, ".cjs")]) {
      const foreign = bareImports(file).filter((name) => name !== "zod" && !name.startsWith("zod/"));
      expect(foreign, file).toEqual([]);
    }
  });
});
