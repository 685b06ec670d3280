import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createQueue } from "./adapter.ts";

const { signal } = new AbortController();
const soon = () => new Promise((resume) => setTimeout(resume));

describe("a line", () => {
  test("lets the first in at once and the others one at a time, first come first served", async () => {
    const queue = createQueue();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => {
        const end = await queue.turn(signal);
        expect(++inside).toBe(1);
        order.push(number);
        await soon();
        inside--;
        end();
      }),
    );
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  test("is free again after everyone left", async () => {
    const queue = createQueue();
    for (let i = 0; i < 3; i++) (await queue.turn(signal))();
    const end = await queue.turn(signal);
    end();
  });

  test("lets in one only, however often a turn is ended", async () => {
    const queue = createQueue();
    const first = await queue.turn(signal);
    const entered: string[] = [];
    const second = queue.turn(signal).then((end) => {
      entered.push("second");
      return end;
    });
    const third = queue.turn(signal).then((end) => {
      entered.push("third");
      return end;
    });
    for (let i = 0; i < 3; i++) first();
    await soon();
    expect(entered).toEqual(["second"]);
    (await second)();
    first();
    await soon();
    expect(entered).toEqual(["second", "third"]);
    (await third)();
    first();
    const end = await queue.turn(signal);
    const waiting = queue.turn(signal).then(() => entered.push("fourth"));
    first();
    await soon();
    expect(entered).not.toContain("fourth");
    end();
    await waiting;
  });

  test("is left by who aborts, with that reason, and the place behind moves up", async () => {
    const queue = createQueue();
    const end = await queue.turn(signal);
    const controller = new AbortController();
    const leaver = queue.turn(controller.signal);
    const next = queue.turn(signal);
    const reason = new Error("had enough");
    controller.abort(reason);
    await expect(leaver).rejects.toBe(reason);
    end();
    (await next)();
  });

  test("is free again where the last in it aborted", async () => {
    const queue = createQueue();
    const end = await queue.turn(signal);
    const controller = new AbortController();
    const leaver = queue.turn(controller.signal);
    controller.abort("gone");
    await expect(leaver).rejects.toBe("gone");
    end();
    (await queue.turn(signal))();
  });

  test("is not even joined with a signal that is aborted already, free or not", async () => {
    const queue = createQueue();
    await expect(queue.turn(AbortSignal.abort("before"))).rejects.toBe("before");
    const end = await queue.turn(signal);
    await expect(queue.turn(AbortSignal.abort("before"))).rejects.toBe("before");
    end();
    (await queue.turn(signal))();
  });

  test("does not mind an abort after the turn began: whoever has it keeps it", async () => {
    const queue = createQueue();
    const controller = new AbortController();
    const end = await queue.turn(controller.signal);
    controller.abort("late");
    let entered = false;
    const next = queue.turn(signal).then((ended) => {
      entered = true;
      return ended;
    });
    await soon();
    expect(entered).toBe(false);
    end();
    (await next)();
  });

  test("leaves no listener on a signal, whether the turn came or was given up", async () => {
    const queue = createQueue();
    const controller = new AbortController();
    const end = await queue.turn(controller.signal);
    const second = queue.turn(controller.signal);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    end();
    (await second)();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    const holder = await queue.turn(signal);
    const leaver = queue.turn(controller.signal);
    controller.abort("gone");
    await expect(leaver).rejects.toBe("gone");
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    holder();
  });

  test("serves everyone who stays, in order and alone, whoever leaves it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (leaves) => {
        const queue = createQueue();
        const served: number[] = [];
        const first = await queue.turn(signal);
        const everyone = leaves.map(async (leaving, index) => {
          const controller = new AbortController();
          const turn = queue.turn(controller.signal);
          if (leaving) controller.abort(index);
          await turn.then(
            (end) => {
              served.push(index);
              end();
            },
            (reason: unknown) => expect(reason).toBe(index),
          );
        });
        first();
        await Promise.all(everyone);
        expect(served).toEqual(leaves.flatMap((leaving, index) => (leaving ? [] : [index])));
      }),
    );
  });
});
