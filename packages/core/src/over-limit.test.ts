import { describe, expect, test } from "vitest";
import { ConfigurationError, counter, createEntitlements, memoryAdapter } from "./index.ts";

/** Organisations org-00, org-01 … with a limit of 1 each, of which those whose number `isOver` says use 2. */
async function organisations(count: number, isOver: (index: number) => boolean) {
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: { "quota:project": counter({ label: "Projects" }), "seat:admin": counter({ label: "Admin seats" }) },
  });
  const over: string[] = [];
  for (let index = 0; index < count; index++) {
    const orgId = `org-${String(index).padStart(2, "0")}`;
    await entitlements.consume({ orgId, resourceType: "quota:project", amount: isOver(index) ? 2 : 1 });
    await entitlements.setLimit({ orgId, resourceType: "quota:project", limit: 1 });
    if (isOver(index)) over.push(orgId);
  }
  await entitlements.consume({ orgId: "unlimited", resourceType: "quota:project", amount: 100 });
  return { entitlements, over };
}

async function everyPage(
  { entitlements }: Awaited<ReturnType<typeof organisations>>,
  pageSize: number,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof entitlements.overLimit>> = await entitlements.overLimit({ pageSize, cursor });
    pages.push(page.organisations.map(({ orgId }) => orgId));
    cursor = page.cursor;
    if (cursor === null) return pages;
  }
}

describe("overLimit", () => {
  test("names each organisation above a limit once and in order, whatever the size of a page", async () => {
    const all = await organisations(12, (index) => index % 3 !== 0);
    for (let pageSize = 1; pageSize <= 14; pageSize++) {
      const pages = await everyPage(all, pageSize);
      expect(pages.flat()).toEqual(all.over);
      expect(pages.every((page) => page.length <= pageSize)).toBe(true);
      expect(pages.slice(0, -1).every((page) => page.length === pageSize)).toBe(true);
    }
  });

  test("is one empty page where no one is above, also with more organisations than a page", async () => {
    const none = await organisations(7, () => false);
    for (const pageSize of [1, 3, 7, 8, 1000]) expect(await everyPage(none, pageSize)).toEqual([[]]);
    expect(await everyPage(await organisations(0, () => false), 1)).toEqual([[]]);
  });

  test("finds all of them where everyone is above", async () => {
    const all = await organisations(5, () => true);
    for (const pageSize of [1, 2, 5, 6]) expect((await everyPage(all, pageSize)).flat()).toEqual(all.over);
  });

  test("shows only what is over, with its numbers", async () => {
    const { entitlements } = await organisations(1, () => true);
    await entitlements.setLimit({ orgId: "org-00", resourceType: "seat:admin", limit: 0 });
    expect(await entitlements.overLimit()).toEqual({
      organisations: [
        {
          orgId: "org-00",
          entitlements: [
            {
              resourceType: "quota:project",
              label: "Projects",
              kind: "count",
              limit: 1,
              current: 2,
              reserved: 0,
              remaining: 0,
              status: "over",
              resetsAt: null,
            },
          ],
        },
      ],
      cursor: null,
    });
  });

  test("counts usage above a limit of 0 as over, and leaves out who is exactly full", async () => {
    const { entitlements } = await organisations(2, () => false);
    await entitlements.setLimit({ orgId: "org-01", resourceType: "quota:project", limit: 0 });
    expect((await entitlements.overLimit()).organisations.map(({ orgId }) => orgId)).toEqual(["org-01"]);
  });

  test("goes on after a cursor whose organisation has been forgotten meanwhile", async () => {
    const { entitlements } = await organisations(4, () => true);
    const { cursor } = await entitlements.overLimit({ pageSize: 2 });
    await entitlements.forget({ orgId: String(cursor) });
    expect((await entitlements.overLimit({ cursor })).organisations.map(({ orgId }) => orgId)).toEqual([
      "org-02",
      "org-03",
    ]);
  });

  test("inside an enforced function is refused, also where no organisation has a limit: it would need a second connection", async () => {
    const { entitlements } = await organisations(0, () => false);
    const call = entitlements.enforce({ orgId: "acme", resourceType: "quota:project" }, () => entitlements.overLimit());
    await expect(call).rejects.toBeInstanceOf(ConfigurationError);
  });
});
