import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { emailOf, PASSWORD, type PersonName } from "../people.ts";
import { type StartOptions, startDemo } from "../start.ts";
import type { DatabaseKind, TestDatabase } from "./databases.ts";

const webFolder = fileURLToPath(new URL("../../web", import.meta.url));

/** No test is to run into the limit that is not about it. */
export const PLENTY = 100_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, else the text. */
  readonly body: unknown;
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface TestDemo<Database extends TestDatabase> {
  readonly url: string;
  readonly database: Database;
  /** What the demo has logged, one entry a line. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
  /** A request of Olivia's, who owns every organisation. */
  call: Call;
  /** Requests of somebody else's, or with null of nobody's. */
  as(person: PersonName | null): Promise<Call>;
}

/** Starts the demo in this process on any free port, on a new database; it is stopped after the test. */
export async function startTestDemo<Database extends TestDatabase>(
  { create }: DatabaseKind<Database>,
  options: Partial<Pick<StartOptions, "operators" | "signInAttempts" | "trustProxy" | "webFolder">> = {},
): Promise<TestDemo<Database>> {
  const database = await create();
  const logged: Record<string, unknown>[] = [];
  const demo = await startDemo({
    port: 0,
    host: "127.0.0.1",
    database: database.settings,
    operators: new Set([emailOf("otto")]),
    secret: null,
    signInAttempts: PLENTY,
    trustProxy: () => false,
    webFolder,
    log: (level, event, data) => logged.push({ level, event, ...data }),
    ...options,
  });
  onTestFinished(() => demo.stop());
  const as = (person: PersonName | null) => callAs(demo.url, person);
  return { url: demo.url, database, logged, stop: demo.stop, call: await as("olivia"), as };
}

/** Requests with a session of somebody's who signs in for it; with null of nobody's. */
export async function callAs(url: string, person: PersonName | null): Promise<Call> {
  return withCookie(url, person === null ? "" : await signIn(url, person));
}

/** Requests with the session that an answer has begun. */
export function callWith(url: string, answered: Headers): Call {
  return withCookie(url, cookieOf(answered));
}

function withCookie(url: string, Cookie: string): Call {
  return (method, path, body, headers) => call(url, method, path, body, { ...(Cookie && { Cookie }), ...headers });
}

function cookieOf(answered: Headers): string {
  const cookies = answered.getSetCookie().map((cookie) => cookie.split(";")[0]);
  return cookies.join("; ");
}

/** The cookie of a new session of somebody's. */
export async function signIn(url: string, person: PersonName): Promise<string> {
  const credentials = { email: emailOf(person), password: PASSWORD };
  const { status, headers } = await call(url, "POST", "/api/auth/sign-in/email", credentials);
  if (status !== 200) throw new Error(`The sign-in was refused (${status}).`);
  return cookieOf(headers);
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
  const type = sent === undefined ? {} : { "Content-Type": "application/json" };
  // better-auth wants to know which page asks.
  const sending = { Origin: url, ...type, ...headers };
  const response = await fetch(`${url}${path}`, {
    method,
    headers: sending,
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.includes("json") ?? false;
  return { status: response.status, headers: response.headers, body: json && text !== "" ? JSON.parse(text) : text };
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
