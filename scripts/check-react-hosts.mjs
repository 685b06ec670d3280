// Builds hosts of the React kit from the packed tarballs, outside the workspace, and opens them in a browser: a Next.js App
// Router page, and a Vite application on each major of React.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright";
import { chromiumArgs, chromiumPath } from "./browser.mjs";
import { root } from "./published.mjs";

const temporary = mkdtempSync(join(tmpdir(), "react-hosts-"));
const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pinned = (/** @type {string} */ name) =>
  `${name}@${catalog.match(new RegExp(`^ +"?${name}"?: (.+)$`, "m"))?.[1]}`;
const CORE = "@x/entitlements-core";
/** A dependency of the kit, as its manifest wants it. */
const ranged = (/** @type {string} */ name) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "packages/react/package.json"), "utf8"));
  return `${name}@${dependencies[name]}`;
};
const NEXT = "next@16.4.6";

/** What both show, in the order of the page; the last one comes from the usage endpoint or the fetcher. */
const SHOWN = ["12 of 10", "2 over the limit", "3 of 9", "5 of 5"];

/** Throws with what the command printed if it fails. */
function run(/** @type {string} */ cwd, /** @type {string} */ command, /** @type {string[]} */ ...args) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

const tarballs = ["core", "react"].map((name) => {
  const target = join(temporary, name);
  mkdirSync(target);
  run(join(root, "packages", name), "npx", "-y", packageManager, "pack", "--pack-destination", target);
  return join(target, readdirSync(target)[0] ?? "no-tarball");
});

/** The host in a folder of its own, with the tarballs and what else it needs. */
function install(/** @type {string} */ host, /** @type {string} */ name, /** @type {string[]} */ ...libraries) {
  const folder = join(temporary, name);
  cpSync(join(root, "scripts/react-hosts", host), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  run(folder, "npm", "install", "--no-audit", "--no-fund", ...tarballs, pinned("typescript"), ...libraries);
  return folder;
}

/**
 * The Vite host with the sources of the registry's items in place of the package, and with nothing installed but what the items name.
 * They are written as `shadcn add` writes them.
 */
function fromRegistry(/** @type {string[]} */ ...libraries) {
  const folder = join(temporary, "registry");
  cpSync(join(root, "scripts/react-hosts/vite"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const names = ["entitlements-provider", "usage-bar", "usage-list", "entitlement-gate", "invite-form", "billing-card"];
  /** @type {{ dependencies: string[], files: { target: string, content: string }[] }[]} */
  const items = names.map((name) => JSON.parse(readFileSync(join(root, `packages/react/dist/r/${name}.json`), "utf8")));
  for (const { target, content } of items.flatMap(({ files }) => files)) {
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    writeFileSync(join(folder, target), content);
  }
  const entries = items.map(({ files: [entry] }) => `export * from "./${entry?.target.replace(/\.tsx$/, "")}";`);
  writeFileSync(join(folder, "kit.ts"), entries.join("\n"));
  const main = readFileSync(join(folder, "main.tsx"), "utf8");
  const rewritten = main
    .replace('"@x/entitlements-react/styles.css"', '"./components/entitlements/styles.css"')
    .replace('"@x/entitlements-react"', '"./kit"');
  writeFileSync(join(folder, "main.tsx"), rewritten);
  const named = new Set(items.flatMap(({ dependencies }) => dependencies).filter((name) => name !== CORE));
  const [core = ""] = tarballs;
  run(
    folder,
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    core,
    ...[...named].map(ranged),
    pinned("typescript"),
    ...libraries,
  );
  return folder;
}

/** A port that is free at the moment. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** What the page shows once it has settled, and what the browser has complained of. */
async function visit(/** @type {import("playwright").Browser} */ browser, /** @type {string} */ url) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (told) => {
    if (["error", "warning"].includes(told.type())) complaints.push(told.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  await page.getByText("5 of 5").first().waitFor();
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not shown.
  const text = await page.locator("main").innerText();
  await page.close();
  return { text, complaints };
}

/** Serves the built host while `look` looks at it. */
async function served(
  /** @type {string} */ folder,
  /** @type {(port: string) => string[]} */ command,
  /** @type {(url: string) => Promise<void>} */ look,
) {
  const port = String(await freePort());
  const [program = "", ...args] = command(port);
  const server = spawn(join(folder, "node_modules/.bin", program), args, { cwd: folder, stdio: "ignore" });
  const url = `http://localhost:${port}/`;
  try {
    for (
      let tries = 0;
      tries < 100 &&
      !(await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ));
      tries++
    )
      await sleep(100);
    await look(url);
  } finally {
    server.kill();
  }
}

function assertShows(/** @type {string} */ what, /** @type {string} */ text, /** @type {string[]} */ wanted = SHOWN) {
  const missing = wanted.filter((one) => !text.includes(one));
  if (missing.length > 0) throw new Error(`${what} does not show ${missing.join(", ")}:\n${text}`);
}

async function look(
  /** @type {import("playwright").Browser} */ browser,
  /** @type {string} */ what,
  /** @type {string} */ url,
) {
  const { text, complaints } = await visit(browser, url);
  if (complaints.length > 0) throw new Error(`${what}: the browser complains: ${complaints.join("\n")}`);
  assertShows(what, text);
  console.log(`ok    ${what}`);
}

const executablePath = await chromiumPath();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: chromiumArgs,
});
try {
  const types = [pinned("@types/node"), pinned("@types/react")];
  const next = install("next", "next", NEXT, pinned("react"), pinned("react-dom"), ...types);
  run(next, "npx", "next", "build");
  await served(
    next,
    (port) => ["next", "start", "-p", port],
    async (url) => {
      // What was measured on the server is in what it sends, without a script.
      assertShows("Next.js, as sent", (await (await fetch(url)).text()).replaceAll("<!-- -->", ""), SHOWN.slice(0, 3));
      await look(browser, "Next.js, hydrated", url);
    },
  );
  const ofReact = (/** @type {string} */ react) => {
    const major = react.split(".")[0];
    return [
      `react@${react}`,
      `react-dom@${react}`,
      `@types/react@${major}`,
      `@types/react-dom@${major}`,
      pinned("vite"),
    ];
  };
  const current = pinned("react").slice("react@".length);
  const hosts = [
    { what: "Vite, React 18", folder: install("vite", "vite-18", ...ofReact("18.3.1")) },
    { what: "Vite, React 19", folder: install("vite", "vite-19", ...ofReact(current)) },
    { what: "Vite, from the registry's sources", folder: fromRegistry(...ofReact(current)) },
  ];
  for (const { what, folder } of hosts) {
    run(folder, "npx", "tsc");
    run(folder, "npx", "vite", "build", "--logLevel", "error");
    await served(
      folder,
      (port) => ["vite", "preview", "--port", port],
      (url) => look(browser, what, url),
    );
  }
} finally {
  await browser.close();
  rmSync(temporary, { recursive: true, force: true });
}
