import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";

/** What a component's item begins with; everything else that it needs is found by its imports. */
const components: Readonly<Record<string, string>> = {
  "entitlements-provider": "provider/entitlements-provider.tsx",
  "usage-bar": "usage-bar/usage-bar.tsx",
  "usage-list": "usage-list/usage-list.tsx",
  "limit-alert": "limit-alert/limit-alert.tsx",
  "entitlement-gate": "entitlement-gate/entitlement-gate.tsx",
  "gated-nav-item": "entitlement-gate/gated-nav-item.tsx",
  "role-select": "role-select/role-select.tsx",
  "invite-form": "invite-form/invite-form.tsx",
  "pending-invitations": "pending-invitations/pending-invitations.tsx",
  "billing-card": "billing-card/billing-card.tsx",
};

/** Where a host finds the files: with `src` in front where it has such a folder. */
const FOLDER = "components/entitlements";

const IMPORT = /\b(?:from|import)\s*"([^"]+)"/g;

interface RegistryFile {
  readonly path: string;
  readonly content: string;
  readonly type: "registry:component";
  readonly target: string;
}

/** An item of a shadcn registry. @see https://ui.shadcn.com/docs/registry/registry-item-json */
interface RegistryItem {
  readonly $schema: string;
  readonly name: string;
  readonly type: "registry:component";
  readonly title: string;
  readonly dependencies: readonly string[];
  readonly files: readonly RegistryFile[];
}

/** The source of a component as an item: its file, those that it imports, and the stylesheet. Packages stay packages. */
function registryItem(name: string, entry: string, stylesheet: string): RegistryItem {
  const sources = new Map<string, string>();
  const packages = new Set<string>();
  const add = (file: string): void => {
    if (sources.has(file)) return;
    const source = readFileSync(join("src", file), "utf8");
    sources.set(file, forHost(source, file === entry));
    for (const [, specifier = ""] of source.matchAll(IMPORT)) {
      if (specifier.startsWith(".")) add(normalize(join(dirname(file), specifier)));
      else if (!isOfHost(specifier)) packages.add(packageOf(specifier));
    }
  };
  add(entry);
  sources.set("styles.css", stylesheet);
  return {
    $schema: "https://ui.shadcn.com/schema/registry-item.json",
    name,
    type: "registry:component",
    title: name.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase()),
    dependencies: [...packages].toSorted(),
    files: [...sources].map(([file, content]) => ({
      ...{ path: `${FOLDER}/${file}`, content, type: "registry:component", target: `${FOLDER}/${file}` },
    })),
  };
}

/** Hosts import without the ending, and a component that is used by a server's page says that it is a client's. */
function forHost(source: string, isEntry: boolean): string {
  const imported = source.replaceAll(/(\b(?:from|import)\s*"\.[^"]*)\.tsx?"/g, '$1"');
  const directive = '"use client";\n\n';
  const bare = imported.replace(/^["']use client["'];\s*/, "");
  return isEntry || imported !== bare ? directive + bare : bare;
}

function isOfHost(specifier: string): boolean {
  return ["react", "react-dom"].includes(packageOf(specifier)) || builtinModules.includes(specifier);
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Writes `dist/r/<component>.json` for every component. */
export function writeRegistry(stylesheet: string): void {
  mkdirSync("dist/r", { recursive: true });
  for (const [name, entry] of Object.entries(components))
    writeFileSync(`dist/r/${name}.json`, `${JSON.stringify(registryItem(name, entry, stylesheet), null, 2)}\n`);
}
