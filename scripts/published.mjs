import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/**
 * The packages that are published, each with the entries of its `exports` map that are modules.
 * @returns {{ folder: string, name: string, entries: { subpath: string, source: string, esm: string, types: string }[] }[]}
 */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((folder) => join(root, "packages", folder))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({
      folder,
      name: manifest.name,
      entries: Object.entries(manifest.exports).flatMap(([subpath, target]) =>
        typeof target === "string"
          ? []
          : {
              subpath: subpath.slice(1),
              source: join(folder, target["@x/source"]),
              esm: join(folder, target.import.default),
              types: join(folder, target.import.types),
            },
      ),
    }));
}
