import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { connect } from "../database.ts";
import { startDemo } from "../start.ts";

const webFolder = fileURLToPath(new URL("../../web", import.meta.url));

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, else the text. */
  readonly body: unknown;
}

export interface TestDemo {
  readonly url: string;
  readonly databaseFile: string;
  /** What the demo has logged, one entry a line. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "entitlements-demo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the demo in this process on any free port, on a real file; it is stopped after the test. */
export async function startTestDemo(databaseFile?: string): Promise<TestDemo> {
  const file = databaseFile ?? join(await temporaryFolder(), "demo.db");
  const logged: Record<string, unknown>[] = [];
  const demo = await startDemo({
    port: 0,
    host: "127.0.0.1",
    databaseFile: file,
    webFolder,
    log: (level, event, data) => logged.push({ level, event, ...data }),
  });
  onTestFinished(() => demo.stop());
  return { url: demo.url, databaseFile: file, logged, call: (...request) => call(demo.url, ...request) };
}

/** One real request; a `string` is sent as it is, anything else as JSON. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.includes("json") ?? false;
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** Keeps every writer waiting until all the requests have arrived, so that they really meet. */
export async function atOnce<T>(file: string, requests: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const connection = connect(file);
  connection.exec("begin immediate");
  try {
    const answers = requests.map((request) => request());
    await setTimeout(200);
    connection.exec("rollback");
    return await Promise.all(answers);
  } finally {
    connection.close();
  }
}

/** How many projects of the organisation count, read past the server. */
export function countProjects(file: string, orgId: string): number {
  const connection = connect(file);
  try {
    return connection.prepare("select id from project where org_id = ? and archived_at is null").all(orgId).length;
  } finally {
    connection.close();
  }
}

/** The 402 of an organisation that has all its projects. */
export function limitReached(orgId: string, limit: number, path = "") {
  return {
    type: "urn:entitlements:problem:limit-reached",
    title: "Payment Required",
    status: 402,
    code: "ENTITLEMENT_LIMIT_REACHED",
    detail: `Projects limit reached (${limit}/${limit})`,
    instance: `/api/orgs/${orgId}/projects${path}`,
    resourceType: "quota:project",
    current: limit,
    limit,
    requested: 1,
    resetsAt: null,
  };
}
