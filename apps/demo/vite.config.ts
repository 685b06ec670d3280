import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page. The server beside it serves what is built, with a fresh nonce in the place of this one each time. */
export default defineConfig({
  root: fileURLToPath(new URL("src/web", import.meta.url)),
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: fileURLToPath(new URL("dist/web", import.meta.url)),
    emptyOutDir: true,
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: true,
    rolldownOptions: {
      // "use client" means nothing to a page without server components.
      checks: { moduleLevelDirective: false },
    },
  },
});
