import axe from "axe-core";
import type { Page } from "playwright";
import { expect } from "vitest";

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** Expects the page as it is now to keep every rule of axe's, and not to be wider than its window. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  expect(violations).toEqual([]);
  await expectNoOverflow(page);
}

/** Expects nothing to stand out of the window to the side. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [scrollWidth, clientWidth] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}
