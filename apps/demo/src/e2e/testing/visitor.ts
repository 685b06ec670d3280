import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { chromiumArgs, chromiumPath } from "../../../../../scripts/browser.mjs";
import { emailOf, PASSWORD, type PersonName } from "../../server/people.ts";

let browser: Browser | undefined;

/** Call it at the top of a file: its tests share one browser, and each visitor has a profile of their own. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = await chromiumPath();
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...chromiumArgs],
    });
  });
  afterAll(() => browser?.close());
}

export interface VisitorOptions extends BrowserContextOptions {
  /** Messages of the console that this test is about, such as a network that fails. */
  readonly mayComplain?: RegExp;
}

/** Somebody with a browser profile of their own; null is not signed in. Whatever the browser complains about fails the test. */
export async function visitor(url: string, person: PersonName | null, options: VisitorOptions = {}): Promise<Page> {
  if (browser === undefined) throw new Error("Call useBrowser() at the top of the file.");
  const { mayComplain, ...given } = options;
  const context = await browser.newContext({ baseURL: url, locale: "en-GB", ...given });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = collectComplaints(page, mayComplain);
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  if (person !== null) {
    const answer = await context.request.post("/api/auth/sign-in/email", {
      headers: { Origin: url },
      data: { email: emailOf(person), password: PASSWORD },
    });
    expect(answer.status()).toBe(200);
  }
  return page;
}

/** A refusal that the page shows is also a line of the console's, which nobody can switch off. */
const REFUSED = /the server responded with a status of (401|402|403|404|409|429)/;

function collectComplaints(page: Page, mayComplain: RegExp | undefined): readonly string[] {
  const complaints: string[] = [];
  const add = (complaint: string) => {
    if (!REFUSED.test(complaint) && !mayComplain?.test(complaint)) complaints.push(complaint);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") add(message.text());
  });
  page.on("pageerror", (error) => add(String(error)));
  return complaints;
}
