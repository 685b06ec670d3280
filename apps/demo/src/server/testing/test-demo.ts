import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { startDemo } from "../start.ts";
import type { DatabaseKind, TestDatabase } from "./databases.ts";

const webFolder = fileURLToPath(new URL("../../web", import.meta.url));

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, else the text. */
  readonly body: unknown;
}

export interface TestDemo<Database extends TestDatabase> {
  readonly url: string;
  readonly database: Database;
  /** What the demo has logged, one entry a line. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** Starts the demo in this process on any free port, on a new database; it is stopped after the test. */
export async function startTestDemo<Database extends TestDatabase>({
  create,
}: DatabaseKind<Database>): Promise<TestDemo<Database>> {
  const database = await create();
  const logged: Record<string, unknown>[] = [];
  const demo = await startDemo({
    port: 0,
    host: "127.0.0.1",
    database: database.settings,
    webFolder,
    log: (level, event, data) => logged.push({ level, event, ...data }),
  });
  onTestFinished(() => demo.stop());
  return { url: demo.url, database, logged, stop: demo.stop, call: (...request) => call(demo.url, ...request) };
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
export async function atOnce<T>(
  database: TestDatabase,
  requests: readonly (() => Promise<T>)[],
): Promise<readonly T[]> {
  const letGo = await database.holdWriters();
  const answers = requests.map((request) => request());
  await setTimeout(200);
  await letGo();
  return Promise.all(answers);
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
