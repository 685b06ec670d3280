import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MemoryLayer, MemoryStore } from "./layer.ts";

const gate = () => {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
};

/** Commits one change: a value, or undefined to delete. */
function commit(store: MemoryStore, key: string, value: unknown): void {
  const layer = store.begin();
  layer.put("t", key, value === undefined ? undefined : { value });
  store.commit(layer);
}

const rows = (layer: MemoryLayer) => Object.fromEntries(layer.entries("t"));

describe("a layer", () => {
  test("shows its own rows over those below, and hides what it deleted", () => {
    const store = new MemoryStore();
    for (const key of ["a", "b", "c"]) commit(store, key, 1);
    const layer = store.begin();
    layer.put("t", "b", { value: 2 });
    layer.put("t", "c", undefined);
    layer.put("t", "d", { value: undefined });
    expect(rows(layer)).toEqual({ a: 1, b: 2, d: undefined });
    expect(["a", "b", "c", "d", "e"].map((key) => layer.get("t", key))).toEqual([
      1,
      2,
      undefined,
      undefined,
      undefined,
    ]);
    expect(layer.entries("t").has("d")).toBe(true);
    expect(layer.entries("other").size).toBe(0);
    expect(rows(store.begin())).toEqual({ a: 1, b: 1, c: 1 });
  });

  test("that is not committed leaves no trace", () => {
    const store = new MemoryStore();
    store.begin().put("t", "a", { value: 1 });
    expect(rows(store.begin())).toEqual({});
  });

  test("can put back what it deleted", () => {
    const store = new MemoryStore();
    commit(store, "a", 1);
    const layer = store.begin();
    layer.put("t", "a", undefined);
    layer.put("t", "a", { value: 2 });
    store.commit(layer);
    expect(rows(store.begin())).toEqual({ a: 2 });
  });
});

describe("a reader", () => {
  test("keeps the state it began with, while commits go on and other readers see each later one", async () => {
    const store = new MemoryStore();
    commit(store, "a", 0);
    const gates = [1, 2, 3].map(() => gate());
    const seen = gates.map(({ passed }, index) => {
      const reading = store.read(async (layer) => {
        const first = rows(layer);
        await passed;
        expect(rows(layer)).toEqual(first);
        return first;
      });
      commit(store, "a", index + 1);
      commit(store, `b${index}`, true);
      if (index === 1) commit(store, "b0", undefined);
      return reading;
    });
    for (const { open } of gates.toReversed()) open();
    expect(await Promise.all(seen)).toEqual([{ a: 0 }, { a: 1, b0: true }, { a: 2, b1: true }]);
    expect(rows(store.begin())).toEqual({ a: 3, b1: true, b2: true });
  });

  test("sees no half of a commit, also one whose writer began before it", async () => {
    const store = new MemoryStore();
    const writer = store.begin();
    writer.put("t", "a", { value: 1 });
    await store.read(async (layer) => {
      writer.put("t", "b", { value: 1 });
      store.commit(writer);
      expect(rows(layer)).toEqual({});
    });
    expect(rows(store.begin())).toEqual({ a: 1, b: 1 });
  });

  test("that fails is over, and commits go on", async () => {
    const store = new MemoryStore();
    await expect(store.read(() => Promise.reject(new Error("reader")))).rejects.toThrow("reader");
    commit(store, "a", 1);
    expect(rows(store.begin())).toEqual({ a: 1 });
  });

  test("that stays while others come and go for 20,000 commits breaks nothing", async () => {
    const store = new MemoryStore();
    commit(store, "first", 0);
    const { open, passed } = gate();
    const staying = store.read(async (layer) => {
      await passed;
      return rows(layer);
    });
    for (let i = 1; i <= 20_000; i++) {
      void store.read(async () => {});
      commit(store, "count", i);
    }
    expect([store.begin().get("t", "count"), store.begin().get("t", "first")]).toEqual([20_000, 0]);
    expect(rows(store.begin())).toEqual({ first: 0, count: 20_000 });
    open();
    expect(await staying).toEqual({ first: 0 });
    commit(store, "count", 0);
    expect(rows(store.begin())).toEqual({ first: 0, count: 0 });
  });
});

test("whatever is committed while readers come and go, each reads one moment of a plain map", async () => {
  const key = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("put" as const), key, value: fc.nat({ max: 9 }) }),
    fc.record({ kind: fc.constant("delete" as const), key }),
    fc.record({ kind: fc.constant("read" as const) }),
    fc.record({ kind: fc.constant("leave" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const store = new MemoryStore();
      const model = new Map<string, number>();
      const readers: { open: () => void; read: Promise<unknown>; expected: unknown }[] = [];
      for (const each of steps) {
        if (each.kind === "put") {
          commit(store, each.key, each.value);
          model.set(each.key, each.value);
        } else if (each.kind === "delete") {
          commit(store, each.key, undefined);
          model.delete(each.key);
        } else if (each.kind === "read") {
          const { open, passed } = gate();
          readers.push({
            open,
            read: store.read((layer) => passed.then(() => rows(layer))),
            expected: Object.fromEntries(model),
          });
        } else {
          const reader = readers.shift();
          reader?.open();
          expect(await reader?.read).toEqual(reader?.expected);
        }
        expect(rows(store.begin())).toEqual(Object.fromEntries(model));
      }
      for (const reader of readers) {
        reader.open();
        expect(await reader.read).toEqual(reader.expected);
      }
    }),
  );
});
