import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  counter,
  createEntitlements,
  type EntitlementsEvent,
  feature,
  type MemoryTransaction,
  memoryAdapter,
  type OnEvent,
} from "./index.ts";

const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const events: EntitlementsEvent[] = [];
let listener: OnEvent = () => {};
const adapter = memoryAdapter();
const entitlements = createEntitlements({
  adapter,
  resources: { "quota:project": counter({ label: "Projects" }), "feature:sso": feature({ label: "Single sign-on" }) },
  onEvent: (event) => {
    events.push(event);
    return listener(event);
  },
});

beforeEach(async () => {
  listener = () => {};
  await entitlements.forget({ orgId });
  events.length = 0;
});

describe("a grant", () => {
  test("is told of once it is committed, with its claims", async () => {
    await entitlements.setLimit({ ...project, limit: 5 });
    await entitlements.enforce({ ...project, amount: 2 }, (tx) => {
      tx.set("project", "p1", {});
      expect(events).toHaveLength(1);
      listener = () => expect(adapter.rows("project").has("p1")).toBe(true);
    });
    expect(events.at(-1)).toEqual({
      type: "enforce.granted",
      orgId,
      attempt: 1,
      claims: [{ resourceType: "quota:project", amount: 2, current: 0, limit: 5, remaining: 3 }],
    });
  });

  test("without claims, where `when` said no, is told of as well", async () => {
    await entitlements.enforce({ ...project, when: () => false }, () => {});
    expect(events).toEqual([{ type: "enforce.granted", orgId, attempt: 1, claims: [] }]);
  });

  test("that was undone by a throw is not told of", async () => {
    await expect(entitlements.enforce(project, () => Promise.reject(new Error("host")))).rejects.toThrow("host");
    expect(events).toEqual([]);
  });

  const inOne = async (tx: MemoryTransaction) => {
    await entitlements.consume({ ...project, tx });
    await entitlements.setLimit({ ...project, limit: 1, tx });
    await entitlements.clearLimit({ ...project, tx });
    await entitlements.forget({ orgId, tx });
    expect(events).toEqual([]);
  };
  const all = ["enforce.granted", "limit.changed", "limit.changed", "organisation.forgotten"];

  test("in a transaction of the adapter's is told of once that has been committed", async () => {
    await adapter.transaction(inOne);
    expect(events.map(({ type }) => type)).toEqual(all);
  });

  test("inside another's function is told of with that one, after the commit of both and before it", async () => {
    await entitlements.enforce(project, inOne);
    expect(events.map(({ type }) => type)).toEqual([...all, "enforce.granted"]);
  });

  test("is not told of where the transaction around it is undone", async () => {
    const undo = new Error("undo");
    await expect(
      adapter.transaction(async (tx) => {
        await inOne(tx);
        throw undo;
      }),
    ).rejects.toBe(undo);
    await entitlements.setLimit({ ...project, limit: 0 });
    events.length = 0;
    await expect(
      entitlements.enforce({ ...project, when: (tx) => inOne(tx).then(() => true) }, () => {}),
    ).rejects.toThrow();
    expect(events.map(({ type }) => type)).toEqual(["enforce.denied"]);
  });
});

describe("a refusal", () => {
  test("is told of with the organisation, the resource type and the numbers", async () => {
    await entitlements.consume({ ...project, amount: 2 });
    await entitlements.setLimit({ ...project, limit: 3 });
    await expect(entitlements.consume({ ...project, amount: 2 })).rejects.toThrow();
    expect(events.at(-1)).toEqual({
      type: "enforce.denied",
      orgId,
      code: "ENTITLEMENT_LIMIT_REACHED",
      resourceType: "quota:project",
      current: 2,
      limit: 3,
      requested: 2,
    });
  });

  test("of a feature is told of as 0 of 0", async () => {
    await entitlements.setLimit({ orgId, resourceType: "feature:sso", limit: 0 });
    await expect(entitlements.consume({ orgId, resourceType: "feature:sso", amount: 3 })).rejects.toThrow();
    expect(events.at(-1)).toEqual({
      type: "enforce.denied",
      orgId,
      code: "ENTITLEMENT_FEATURE_DISABLED",
      resourceType: "feature:sso",
      current: 0,
      limit: 0,
      requested: 3,
    });
  });

  test("in the caller's transaction is told of at once, not at the caller's end", async () => {
    await entitlements.setLimit({ ...project, limit: 0 });
    await adapter.transaction(async (tx) => {
      await expect(entitlements.consume({ ...project, tx })).rejects.toThrow();
      expect(events.at(-1)).toMatchObject({ type: "enforce.denied", orgId });
    });
  });

  test("is told of once, also where it passes through an outer enforcement", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    await expect(entitlements.enforce(project, (tx) => entitlements.consume({ ...project, tx }))).rejects.toThrow();
    expect(events.map(({ type }) => type)).toEqual(["limit.changed", "enforce.denied"]);
  });

  test("finds the lock free: the listener may ask for the usage", async () => {
    await entitlements.setLimit({ ...project, limit: 0 });
    const seen: unknown[] = [];
    listener = async ({ type }) => {
      if (type === "enforce.denied") seen.push(await entitlements.usage({ orgId }));
    };
    await expect(entitlements.consume(project)).rejects.toThrow();
    await vi.waitFor(() => expect(seen).toMatchObject([[{ limit: 0, status: "blocked" }, {}]]));
  });

  test("in another's function lets the listener use the SDK, in line behind that function", async () => {
    await entitlements.setLimit({ ...project, limit: 0 });
    const answers: unknown[] = [];
    listener = async ({ type }) => {
      if (type === "enforce.denied") answers.push(await entitlements.consume({ orgId, resourceType: "feature:sso" }));
    };
    await adapter.transaction(async (tx) => {
      await expect(entitlements.consume({ ...project, tx })).rejects.toThrow();
      expect(answers).toEqual([]);
    });
    await vi.waitFor(() => expect(answers).toMatchObject([{ attempt: 1 }]));
  });

  test("of a reservation is told of as well; a key that is held by another is none", async () => {
    await entitlements.setLimit({ ...project, limit: 1 });
    await entitlements.reserve({ ...project, key: "k" });
    events.length = 0;
    await expect(entitlements.reserve({ ...project, key: "k" })).rejects.toMatchObject({ status: 409 });
    await expect(entitlements.reserve({ ...project, amount: 3 })).rejects.toMatchObject({ status: 402 });
    expect(events).toEqual([
      {
        type: "enforce.denied",
        ...project,
        code: "ENTITLEMENT_LIMIT_REACHED",
        current: 1,
        limit: 1,
        requested: 3,
      },
    ]);
  });

  test("by check is no event: nothing was refused yet", async () => {
    await entitlements.setLimit({ ...project, limit: 0 });
    events.length = 0;
    await entitlements.check(project);
    await entitlements.usage({ orgId });
    expect(events).toEqual([]);
  });
});

describe("a changed limit", () => {
  test("is none where there was no limit to take away", async () => {
    await entitlements.clearLimit(project);
    expect(events).toEqual([]);
  });

  test("is told of with before and after, why and by whom", async () => {
    const common = { type: "limit.changed", ...project };
    await entitlements.setLimit({ ...project, limit: 5, reason: "trial", actor: "ann" });
    await entitlements.setLimit({ ...project, limit: null });
    await entitlements.clearLimit({ ...project, reason: "over", actor: "bob" });
    expect(events).toEqual([
      { ...common, before: null, after: { limit: 5 }, reason: "trial", actor: "ann" },
      { ...common, before: { limit: 5 }, after: { limit: null }, reason: null, actor: null },
      { ...common, before: { limit: null }, after: null, reason: "over", actor: "bob" },
    ]);
  });

  test("that was refused is not told of", async () => {
    await expect(entitlements.setLimit({ ...project, limit: -1 })).rejects.toThrow();
    expect(events).toEqual([]);
  });

  test("a forgotten organisation is told of", async () => {
    await entitlements.forget({ orgId });
    expect(events).toEqual([{ type: "organisation.forgotten", orgId }]);
  });
});

describe("a listener that fails", () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  afterEach(() => {
    logged.mockClear();
  });

  test.each<[string, OnEvent]>([
    [
      "throws",
      () => {
        throw new Error("log is full");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("log is full");
      },
    ],
  ])("because it %s changes nothing, is logged, and hides no denial", async (_what, failing) => {
    listener = failing;
    await entitlements.setLimit({ ...project, limit: 1 });
    expect(await entitlements.enforce(project, () => "made")).toBe("made");
    await expect(entitlements.consume(project)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    expect(await entitlements.usage({ orgId })).toMatchObject([{ limit: 1, current: 1 }, {}]);
    await vi.waitFor(() => expect(logged).toHaveBeenCalledTimes(3));
    expect(logged).toHaveBeenCalledWith(
      "@x/entitlements-core: onEvent failed",
      expect.objectContaining({ message: "log is full" }),
    );
  });

  test("to settle at all holds nobody up", async () => {
    listener = () => new Promise(() => {});
    expect(await entitlements.enforce(project, () => "made")).toBe("made");
    expect(logged).not.toHaveBeenCalled();
  });
});
