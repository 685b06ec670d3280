import { describe, expect, test } from "vitest";
import {
  type Adapter,
  ConfigurationError,
  counted,
  counter,
  createEntitlements,
  feature,
  type MemoryTransaction,
  memoryAdapter,
  rows,
} from "./index.ts";

const resources = { "quota:project": counter({ label: "Projects" }) };

/** What `createEntitlements` throws for options that the compiler would not let pass. */
function refusal(options: object): unknown {
  try {
    createEntitlements({ adapter: memoryAdapter(), resources, ...options } as never);
  } catch (error) {
    return error;
  }
  return "accepted";
}

function expectRefused(options: object, message: string): void {
  const error = refusal(options);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({ code: "ENTITLEMENT_CONFIGURATION", status: 500, message });
}

describe("createEntitlements refuses", () => {
  test.each(["lockTimeoutMs", "transactionTimeoutMs"])("a %s that is no proper time", (name) => {
    for (const [value, shown] of [
      [0, "0"],
      [-1, "-1"],
      [1.5, "1.5"],
      [Number.NaN, "NaN"],
      [Number.POSITIVE_INFINITY, "Infinity"],
      [2 ** 31, "2147483648"],
      ["5000", '"5000"'],
      [null, "null"],
    ]) {
      expectRefused(
        { [String(name)]: value },
        `${name} must be a whole number of milliseconds from 1 to 2^31 - 1, not ${shown}.`,
      );
    }
  });

  test("a nearAt that is no share", () => {
    for (const [value, shown] of [
      [0, "0"],
      [-0.5, "-0.5"],
      [1.01, "1.01"],
      [80, "80"],
      [Number.NaN, "NaN"],
      ["0.5", '"0.5"'],
      [null, "null"],
    ]) {
      expectRefused({ nearAt: value }, `nearAt must be a share above 0 and at most 1, not ${shown}.`);
    }
  });

  test("a clock or an onEvent that is no function: it would fail when it is too late", () => {
    expectRefused({ clock: new Date() }, "clock must be a function, not a date.");
    expectRefused({ onEvent: "log" }, 'onEvent must be a function, not "log".');
    expectRefused({ onEvent: null }, "onEvent must be a function, not null.");
  });

  test("a misspelt option", () => {
    expectRefused({ lockTimeoutMS: 100 }, 'createEntitlements() has no option "lockTimeoutMS". Mend the spelling.');
  });

  test("a missing adapter", () => {
    for (const adapter of [undefined, null, {}, memoryAdapter]) {
      expectRefused({ adapter }, "`adapter` is missing: pass a storage, such as memoryAdapter().");
    }
  });

  test("missing or empty resources", () => {
    for (const none of [undefined, null, "quota:project", () => undefined]) {
      expectRefused({ resources: none }, "`resources` is missing: define what can be limited.");
    }
    for (const empty of [{}, () => ({})]) {
      expectRefused({ resources: empty }, "`resources` is empty: define at least one resource type to limit.");
    }
  });

  test.each([
    "",
    "project",
    "quota:",
    "Quota:project",
    "quota:Project",
    "quota:my-project",
    "quota:1st",
    "quota:a:b",
    " quota:a",
  ])("the key %j, which is no resource type", (key) => {
    const message = `"${key}" is not a resource type: expected category:name in lower case, such as "quota:project".`;
    expectRefused({ resources: { ...resources, [key]: counter({ label: "x" }) } }, message);
  });

  test("a resource type without a definition", () => {
    for (const nothing of [undefined, null, "rows", {}]) {
      expectRefused(
        { resources: { "quota:project": nothing } },
        "quota:project has no definition: use rows(), counted(), counter() or feature().",
      );
    }
  });

  test("a kind the adapter cannot serve: rows on memory, also from a caller without types", () => {
    const project = rows({ label: "Projects", table: "project", orgColumn: "org_id" });
    const message =
      "quota:project is defined by rows(), which the memory adapter cannot serve. It serves: counted, counter, feature.";
    expectRefused({ resources: { "quota:project": project } }, message);
    expectRefused({ resources: () => ({ "quota:project": project }) }, message);
    expectRefused(
      { resources: { "quota:project": { kind: "meter", label: "x" } } },
      message.replace("rows()", "meter()"),
    );
  });
});

describe("createEntitlements accepts", () => {
  test("the shortest and longest times, and any share up to all", () => {
    for (const options of [
      { lockTimeoutMs: 1 },
      { transactionTimeoutMs: 2 ** 31 - 1 },
      { nearAt: 1 },
      { nearAt: 0.01 },
      { lockTimeoutMs: undefined, nearAt: undefined, clock: undefined, onEvent: undefined },
    ]) {
      expect(refusal(options)).toBe("accepted");
    }
  });

  test("resources as an object or a function, and keeps the order of definition", () => {
    const adapter = memoryAdapter();
    const defined = {
      "quota:z": counter({ label: "Z" }),
      "feature:a": feature({ label: "A" }),
      "quota:m": counted({ label: "M", count: () => 0 }),
    };
    for (const each of [defined, () => defined]) {
      expect(createEntitlements({ adapter, resources: each }).resourceTypes).toEqual([
        "quota:z",
        "feature:a",
        "quota:m",
      ]);
    }
  });

  test("an adapter that would fail on any use: construction touches no database", () => {
    const never = (): never => {
      throw new Error("touched");
    };
    const adapter: Adapter<MemoryTransaction> = {
      name: "untouchable",
      kinds: ["counter"],
      locked: never,
      read: never,
      limitedOrganisations: never,
      migrate: never,
      inspect: never,
      close: never,
    };
    expect(() => createEntitlements({ adapter, resources })).not.toThrow();
  });
});
