import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sqlite } from "./testing/databases.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { startTestDemo } from "./testing/test-demo.ts";

async function startWithPage() {
  const webFolder = await temporaryFolder();
  await mkdir(join(webFolder, "assets"));
  await writeFile(
    join(webFolder, "index.html"),
    `<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/page-Ab12.js" nonce="__CSP_NONCE__"></script>`,
  );
  await writeFile(join(webFolder, "assets", "page-Ab12.js"), "start();");
  await writeFile(join(webFolder, "icon.svg"), "<svg/>");
  return startTestDemo(sqlite, { webFolder });
}

test("every address of the page is the same document, which no cache keeps", async () => {
  const { call } = await startWithPage();
  for (const path of [
    "/",
    "/index.html",
    "/sign-in",
    "/acme/members",
    "/invitations/x1",
    "/operator",
    "/what/ever/else",
  ]) {
    const answer = await call("GET", path);
    expect([path, answer]).toMatchObject([path, { status: 200, body: expect.stringMatching(/^<!doctype html>/) }]);
    expect(answer.headers.get("Content-Type")).toContain("text/html");
    expect(answer.headers.get("Cache-Control")).toBe("no-cache");
  }
  for (const path of ["/api", "/api/", "/api/nothing", "/missing.js", "/assets/page-Zz99.js", "/acme/members.php"])
    expect([path, await call("GET", path)]).toMatchObject([path, { status: 404, body: { status: 404 } }]);
  expect(await call("POST", "/acme/members")).toMatchObject({ status: 404 });
});

test("files whose names change with what is in them are kept for ever, others are asked about", async () => {
  const { call } = await startWithPage();
  const script = await call("GET", "/assets/page-Ab12.js");
  expect(script).toMatchObject({ status: 200, body: "start();" });
  expect(script.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
  expect((await call("GET", "/icon.svg")).headers.get("Cache-Control")).toBe("no-cache");
});

test("the document carries the nonce that its policy names, another one each time, and nothing unsafe is allowed", async () => {
  const { call } = await startWithPage();
  const nonces = new Set<string>();
  for (let time = 0; time < 3; time++) {
    const { headers, body } = await call("GET", "/sign-in");
    const policy = headers.get("Content-Security-Policy") ?? "";
    const [, nonce = ""] = policy.match(/style-src 'self' 'nonce-([^']{16,})'/) ?? [];
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(String(body).split(`nonce="${nonce}"`)).toHaveLength(3);
    expect(body).not.toContain("__CSP_NONCE__");
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test("every answer says what a browser may do with it", async () => {
  const { call } = await startWithPage();
  for (const path of ["/", "/icon.svg", "/api/me", "/api/auth/get-session", "/api/nothing", "/healthz"]) {
    const { headers } = await call("GET", path);
    expect([path, Object.fromEntries(headers)]).toMatchObject([
      path,
      {
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
    ]);
  }
});
