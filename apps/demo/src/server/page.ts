import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { codeOf } from "./start-error.ts";

const PLACEHOLDER = "__CSP_NONCE__";

/** The page: one document for every address that the browser finds its own way to, and the files beside it. */
export function pageRoutes(folder: string): Hono {
  const routes = new Hono();

  // As middleware, like the files: a path that is nothing else's takes no method away from the API.
  routes.use(async (c, next) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const document = isRead && isPage(c.req.path) ? await readDocument(folder) : null;
    if (document === null) return next();
    c.header("Cache-Control", "no-cache");
    return c.html(document.replaceAll(PLACEHOLDER, c.get("secureHeadersNonce") ?? ""));
  });
  routes.use(
    serveStatic({
      root: folder,
      onFound(_path, c) {
        const hasHashedName = c.req.path.startsWith("/assets/");
        c.header("Cache-Control", hasHashedName ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }),
  );
  return routes;
}

function isPage(path: string): boolean {
  if (path === "/index.html") return true;
  const isFile = path.slice(path.lastIndexOf("/")).includes(".");
  return !isFile && path !== "/api" && !path.startsWith("/api/");
}

/** Read anew each time: it is small, and a new build is served without a restart. null where there is none. */
async function readDocument(folder: string): Promise<string | null> {
  try {
    return await readFile(join(folder, "index.html"), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
