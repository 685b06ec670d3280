import { beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError, counter, createEntitlements, type MemoryTransaction, memoryAdapter } from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }), "seat:admin": counter({ label: "Admin seats" }) };
let adapter = memoryAdapter();
let entitlements = createEntitlements({ adapter, resources });
const orgId = "acme";
const project = { orgId, resourceType: "quota:project" } as const;
const admin = { orgId, resourceType: "seat:admin" } as const;
const used = async () => (await entitlements.usage({ orgId })).map(({ current }) => current);
const caught = (call: Promise<unknown>) =>
  call.then(
    () => "passed",
    (error: unknown) => error,
  );
const pause = (ms = 5) => new Promise((resume) => setTimeout(resume, ms));

beforeEach(() => {
  adapter = memoryAdapter();
  entitlements = createEntitlements({ adapter, resources });
});

const waitsForItself =
  "This call was made inside a function that runs in a transaction of the SDK already, so it would wait for itself or need a second connection. " +
  "Pass on the `tx` that the function was given, or ask for all claims at once with `claims`.";

describe("a call inside an enforced function", () => {
  const calls: Record<string, () => Promise<unknown>> = {
    enforce: () => entitlements.enforce(admin, () => "ran"),
    consume: () => entitlements.consume({ ...admin, orgId: "another" }),
    check: () => entitlements.check(admin),
    usage: () => entitlements.usage({ orgId }),
    limits: () => entitlements.limits({ orgId }),
    resolveEntitlement: () => entitlements.resolveEntitlement(admin),
    setLimit: () => entitlements.setLimit({ ...admin, limit: 1 }),
    clearLimit: () => entitlements.clearLimit(admin),
    forget: () => entitlements.forget({ orgId }),
    overLimit: () => entitlements.overLimit(),
    migrate: () => entitlements.migrate(),
    doctor: () => entitlements.doctor(),
  };
  test.each(Object.entries(calls))(
    "%s without its `tx` is refused at once, instead of waiting for itself",
    async (_name, call) => {
      await entitlements.enforce(project, async () => {
        await pause();
        const error = await caught(call());
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error).toMatchObject({ code: "ENTITLEMENT_CONFIGURATION", message: waitsForItself });
      });
      expect(await used()).toEqual([1, 0]);
    },
  );

  test("is found out in `when`, in a count function and through another instance on the same adapter too", async () => {
    const other = createEntitlements({
      adapter,
      resources: ({ counted }) => ({
        "quota:report": counted({ label: "Reports", count: async () => (await entitlements.usage({ orgId })).length }),
      }),
    });
    await expect(other.consume({ orgId, resourceType: "quota:report" })).rejects.toThrow(waitsForItself);
    await expect(
      entitlements.enforce(
        { ...project, when: async () => (await other.check({ orgId, resourceType: "quota:report" })).allowed },
        () => {},
      ),
    ).rejects.toThrow(waitsForItself);
  });

  test("with its `tx` works, at any depth, and all of it commits together", async () => {
    await entitlements.enforce(project, async (tx) => {
      await entitlements.enforce({ ...admin, tx }, async (inner) => {
        await entitlements.consume({ ...project, tx: inner });
        expect(await entitlements.usage({ orgId, tx: inner })).toMatchObject([{ current: 2 }, { current: 1 }]);
      });
    });
    expect(await used()).toEqual([2, 1]);
  });

  test("with its `tx` that is refused undoes the inner part only, if the function catches it", async () => {
    await entitlements.setLimit({ ...admin, limit: 0 });
    await entitlements.enforce(project, async (tx) => {
      const error = await caught(entitlements.enforce({ ...admin, tx }, () => "ran"));
      expect(error).toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED", resourceType: "seat:admin" });
    });
    expect(await used()).toEqual([1, 0]);
    await expect(entitlements.enforce(project, (tx) => entitlements.consume({ ...admin, tx }))).rejects.toMatchObject({
      resourceType: "seat:admin",
    });
    expect(await used()).toEqual([1, 0]);
  });

  test("on another storage is no nesting at all", async () => {
    const other = createEntitlements({ adapter: memoryAdapter(), resources });
    await entitlements.enforce(project, () => other.consume(project));
    expect(await other.usage({ orgId })).toMatchObject([{ current: 1 }, {}]);
  });

  test("that is left running works once the outer one has ended", async () => {
    let later: Promise<unknown> = Promise.resolve();
    await entitlements.enforce(project, () => {
      later = pause(20).then(() => entitlements.consume(admin));
    });
    await later;
    expect(await used()).toEqual([1, 1]);
  });
});

describe("two calls at once in one transaction", () => {
  const overlap =
    "Two calls were made at once in one transaction, so undoing one would undo the other. " +
    "Await one before you start the next, or ask for all claims at once with `claims`.";

  test("are refused: the second gets the error, the first is kept", async () => {
    await adapter.transaction(async (tx) => {
      const [first, second] = await Promise.all([
        caught(entitlements.consume({ ...project, tx })),
        caught(entitlements.consume({ ...admin, tx })),
      ]);
      expect(first).toBe("passed");
      expect(second).toBeInstanceOf(ConfigurationError);
      expect(second).toMatchObject({ message: overlap });
      await entitlements.consume({ ...admin, tx });
    });
    expect(await used()).toEqual([1, 1]);
  });

  test("are refused inside an enforced function as well", async () => {
    await entitlements.enforce(project, async (tx) => {
      const results = await Promise.all(
        [1, 2, 3].map(() => caught(entitlements.enforce({ ...admin, tx }, () => pause()))),
      );
      expect(results.map(String)).toEqual([
        "passed",
        `ConfigurationError: ${overlap}`,
        `ConfigurationError: ${overlap}`,
      ]);
    });
    expect(await used()).toEqual([1, 1]);
  });

  test("are refused too where the second comes from outside, with a transaction that got out", async () => {
    let leaked: MemoryTransaction | undefined;
    const outer = entitlements.enforce(project, async (tx) => {
      await entitlements.consume({ ...admin, tx });
      leaked = tx;
      await pause(20);
    });
    await vi.waitFor(() => expect(leaked).toBeDefined(), { interval: 1 });
    expect(await caught(entitlements.consume({ ...admin, tx: leaked }))).toMatchObject({ message: overlap });
    await outer;
    expect(await used()).toEqual([1, 1]);
  });

  test("that only read are fine, also inside an enforced function", async () => {
    const read = (tx: MemoryTransaction) =>
      Promise.all([
        entitlements.check({ ...project, tx }),
        entitlements.usage({ orgId, tx }),
        entitlements.limits({ orgId, tx }),
      ]);
    await adapter.transaction(async (tx) => {
      await entitlements.consume({ ...project, tx });
      expect((await read(tx))[0]).toMatchObject({ current: 1 });
    });
    await entitlements.enforce(project, (tx) => read(tx));
  });

  test("of which one reads are refused: it might see a half of the other", async () => {
    await adapter.transaction(async (tx) => {
      const [claimed, read] = await Promise.all([
        caught(entitlements.enforce({ ...project, tx }, () => pause())),
        caught(entitlements.usage({ orgId, tx })),
      ]);
      expect([claimed, String(read)]).toEqual(["passed", `ConfigurationError: ${overlap}`]);
    });
  });

  test("in two transactions have nothing to do with each other", async () => {
    await Promise.all(
      ["a", "b", "c"].map((org) =>
        entitlements.enforce({ ...project, orgId: org }, (tx) => entitlements.consume({ ...admin, orgId: org, tx })),
      ),
    );
    for (const org of ["a", "b", "c"])
      expect(await entitlements.usage({ orgId: org })).toMatchObject([{ current: 1 }, { current: 1 }]);
  });

  test("one after the other are fine, also after one was refused", async () => {
    await entitlements.setLimit({ ...admin, limit: 1 });
    await adapter.transaction(async (tx) => {
      for (const expected of ["passed", "refused", "refused"]) {
        expect(
          await entitlements.consume({ ...admin, tx }).then(
            () => "passed",
            () => "refused",
          ),
        ).toBe(expected);
      }
      await entitlements.consume({ ...project, tx });
    });
    expect(await used()).toEqual([1, 1]);
  });
});
