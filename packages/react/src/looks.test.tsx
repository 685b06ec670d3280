/// <reference types="@vitest/browser-playwright" />
/// <reference types="vite/client" />
import { composeStories, type Preview, setProjectAnnotations } from "@storybook/react-vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cdp, page, userEvent } from "vitest/browser";

type StoryFile = Parameters<typeof composeStories>[0];

interface ComposedStory {
  readonly id: string;
  readonly run: () => Promise<void>;
}

const previews = import.meta.glob<Preview>("../../../.storybook/preview.tsx", { eager: true, import: "default" });
const files = import.meta.glob<StoryFile>("./**/*.stories.tsx", { eager: true });

setProjectAnnotations(Object.values(previews));

function storiesUnder(initialGlobals: Readonly<Record<string, string>>): readonly ComposedStory[] {
  return Object.values(files).flatMap((file) => Object.values(composeStories(file, { initialGlobals })));
}

function story(id: string, globals: Readonly<Record<string, string>> = {}) {
  const found = storiesUnder(globals).find((one) => one.id === id);
  if (!found) throw new Error(`There is no story ${id}.`);
  return found;
}

const part = (slot: string): Element => {
  const found = document.querySelector(`[data-slot="${slot}"]`);
  if (!found) throw new Error(`There is no ${slot}.`);
  return found;
};

/** What stands out of the page to the right or left, if anything makes the page scroll sideways. */
function standsOut(): readonly string[] {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return Array.from(document.querySelectorAll<HTMLElement>("[data-slot]"), (element) => ({
    slot: element.dataset["slot"] ?? "",
    right: element.getBoundingClientRect().right,
  }))
    .filter(({ right }) => right > clientWidth)
    .map(({ slot, right }) => `${slot} ends at ${Math.round(right)}`)
    .concat(`the page is ${scrollWidth} wide`);
}

const emulate = (media: string, features: Readonly<Record<string, string>> = {}) =>
  cdp().send("Emulation.setEmulatedMedia", {
    media,
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });

describe("on a screen of 320 px nothing makes the page scroll sideways, with text twice as large neither", () => {
  beforeAll(() => page.viewport(320, 700));
  afterAll(() => page.viewport(1280, 700));
  afterEach(() => document.documentElement.removeAttribute("style"));

  test.each(storiesUnder({}).map((one) => ({ id: one.id, run: one.run })))("$id", async ({ run }) => {
    await run();
    expect(standsOut()).toEqual([]);
    document.documentElement.style.setProperty("font-size", "200%", "important");
    expect(standsOut()).toEqual([]);
  });
});

test.each(["ltr", "rtl"])("the plan's line ends where the numbers do (%s)", async (direction) => {
  await page.viewport(1280, 700);
  await story("billingcard--owner", { direction }).run();
  const end = (element: Element) => element.getBoundingClientRect()[direction === "ltr" ? "right" : "left"];
  const renewal = document.querySelector('[data-slot="billing-card-plan"] time');
  expect(renewal && end(renewal)).toBeCloseTo(end(part("usage-bar-value")), 0);
});

test.each([
  "billingcard--owner",
  "gatednavitem--upsell",
  "inviteform--refused",
  "limitalert--dismissible",
  "pendinginvitations--row-refused",
  "roleselect--failed",
  "usagelist--failed",
])("everything that takes the focus in %s shows it, and is as large as a target has to be", async (id) => {
  await story(id).run();
  document.querySelector<HTMLElement>(":focus")?.blur();
  const passed = new Set<Element>();
  for (;;) {
    await userEvent.tab();
    const active = document.activeElement;
    if (active === null || active === document.body || passed.has(active)) break;
    passed.add(active);
    const focused = active.closest('label, [data-slot]:not([data-slot="visually-hidden"])');
    // The host's own.
    if (focused === null) continue;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    expect(`${outlineStyle} ${outlineWidth}`, focused.outerHTML).toBe("solid 2px");
    expect(focused.getBoundingClientRect().height, focused.outerHTML).toBeGreaterThanOrEqual(24);
  }
  expect(passed.size).toBeGreaterThan(0);
});

describe("without colours", () => {
  afterEach(() => emulate(""));

  test("taken, reserved and free are told apart where the system chooses the colours", async () => {
    await emulate("", { "forced-colors": "active" });
    await story("usagebar--reserved").run();
    const free = getComputedStyle(part("usage-bar-track"));
    const taken = getComputedStyle(part("usage-bar-indicator"));
    const reserved = getComputedStyle(part("usage-bar-reserved"));
    expect(matchMedia("(forced-colors: active)").matches).toBe(true);
    expect(taken.backgroundColor).not.toBe(free.backgroundColor);
    expect(reserved.backgroundImage).toContain("repeating-linear-gradient");
    expect(free.borderTopStyle).toBe("solid");
  });

  test("an action that is not to be had looks like one where the system chooses the colours", async () => {
    await emulate("", { "forced-colors": "active" });
    await story("inviteform--empty").run();
    const submit = getComputedStyle(part("invite-form-submit")).color;
    await story("inviteform--three-of-five-fit").run();
    expect(getComputedStyle(part("invite-form-submit")).color).not.toBe(submit);
  });

  test("a dark page is printed as dark text, and its bars are printed though backgrounds are not", async () => {
    await emulate("print");
    await story("usagebar--reserved", { theme: "dark" }).run();
    expect(getComputedStyle(part("usage-bar")).colorScheme).toBe("light");
    for (const slot of ["track", "indicator", "reserved"]) {
      expect(getComputedStyle(part(`usage-bar-${slot}`)).printColorAdjust).toBe("exact");
    }
  });

  test("nothing moves for somebody who asked for less motion", async () => {
    await emulate("", { "prefers-reduced-motion": "reduce" });
    await story("usagelist--loading").run();
    expect(document.getAnimations()).toEqual([]);
  });
});
