const zod = ["zod"];
const react = ["react", "react-dom", "@x/entitlements-core", "swr"];

/** What a bundler for browsers makes of an entry, gzipped. */
const inBrowsers = { gzip: true, modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }) };

export default [
  { name: "core", path: "packages/core/dist/index.js", limit: "12.5 kB", ignore: zod },
  { name: "core/wire, zod apart", path: "packages/core/dist/wire.js", limit: "2 kB", ignore: zod },
  { name: "core/wire as a browser gets it", path: "packages/core/dist/wire.js", limit: "11 kB" },
  { name: "core/errors", path: "packages/core/dist/errors.js", limit: "1.5 kB", ignore: zod },
  { name: "core/http", path: "packages/core/dist/http.js", limit: "3 kB", ignore: zod },
  {
    name: "react/hooks, peers and SWR apart",
    path: "packages/react/dist/hooks.js",
    limit: "4 kB",
    ignore: react,
    ...inBrowsers,
  },
  {
    name: "react/usage-bar with Radix Progress",
    path: "packages/react/dist/usage-bar.js",
    limit: "6 kB",
    ignore: react,
    ...inBrowsers,
  },
  {
    name: "react, peers, Radix and SWR apart",
    path: "packages/react/dist/index.js",
    limit: "16.5 kB",
    // get-nonce is of Radix Select, which reads the same nonce.
    ignore: [...react, "@radix-ui/*", "get-nonce"],
    ...inBrowsers,
  },
  { name: "react/styles.css", path: "packages/react/dist/styles.css", limit: "4 kB", gzip: true },
];
