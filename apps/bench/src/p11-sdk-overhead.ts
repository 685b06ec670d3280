import { counter, createEntitlements, memoryAdapter, type Settings } from "@x/entitlements-core";
import { byCallers, createMutex } from "./callers.ts";
import { type Question, timed } from "./question.ts";
import { type Candidate, sandwich } from "./sandwich.ts";

const GOAL_US = 15;
const CALLERS = 20;
const DEADLINES = "of which Node's AbortController, a listener and two timers, by themselves";
const CLAIM = { orgId: "acme", resourceType: "quota:credit" } as const;

export const sdkOverhead: Question = {
  name: "p11-sdk-overhead",
  asks: "what the SDK costs without a database: a counter enforcement in memory with a function that does nothing",
  async answer(pace) {
    let told = 0;
    const wired = { onEvent: () => void told++, clock: () => new Date() };
    const subjects = [
      await enforcing("enforce, 1 caller", 1, {}),
      await enforcing(`enforce, ${CALLERS} callers`, CALLERS, {}),
      await enforcing("enforce, 1 caller, with onEvent and clock", 1, wired),
      await enforcing(`enforce, ${CALLERS} callers, with onEvent and clock`, CALLERS, wired),
    ];
    const result = await sandwich(byHand(), [...subjects, deadlines()], pace);
    if (told === 0) throw new Error("onEvent heard nothing.");
    return {
      lines: [
        timed(result.baseline, { noise: result.noise }),
        ...result.subjects.map((subject) =>
          timed(subject, { goal: subject.name === DEADLINES ? null : { at: "most", bound: GOAL_US, of: "value" } }),
        ),
      ],
      notes: [
        "the goal is about the clock's time; the processor's time beside it includes the garbage collector's threads",
      ],
    };
  },
};

/** The least that could be written: a number in a map, changed by one caller at a time. */
function byHand(): Candidate {
  const inLine = createMutex();
  const used = new Map<string, number>();
  let before = 0;
  return {
    name: "by hand: a limit, a Map and a mutex, 1 caller",
    run: (times) =>
      byCallers(1, times, () =>
        inLine(() => {
          const current = used.get(CLAIM.orgId) ?? 0;
          if (current >= Number.MAX_SAFE_INTEGER) throw new Error("full");
          used.set(CLAIM.orgId, current + 1);
        }),
      ),
    settle: async (times) => {
      const now = used.get(CLAIM.orgId) ?? 0;
      if (now !== before + times) throw new Error(`${times} units were granted, but ${now - before} are counted.`);
      before = now;
    },
  };
}

/** What Node asks for the time-outs of one call, to set the rest beside it. */
function deadlines(): Candidate {
  const nothing = (): void => {};
  return {
    name: DEADLINES,
    run: (times) =>
      byCallers(1, times, async () => {
        const { signal } = new AbortController();
        const timers = [setTimeout(nothing, 5_000), setTimeout(nothing, 60_000)];
        signal.addEventListener("abort", nothing, { once: true });
        signal.removeEventListener("abort", nothing);
        for (const timer of timers) clearTimeout(timer);
      }),
    settle: async () => {},
  };
}

async function enforcing(name: string, callers: number, settings: Settings): Promise<Candidate> {
  const entitlements = createEntitlements({
    adapter: memoryAdapter(),
    resources: { "quota:credit": counter({ label: "Credits" }) },
    ...settings,
  });
  await entitlements.setLimit({ ...CLAIM, limit: Number.MAX_SAFE_INTEGER });
  const nothing = (): void => {};
  let before = 0;
  return {
    name,
    run: (times) => byCallers(callers, times, () => entitlements.enforce(CLAIM, nothing)),
    settle: async (times) => {
      const { current } = await entitlements.check(CLAIM);
      if (current !== before + times)
        throw new Error(`${times} units were granted, but ${current - before} are counted.`);
      before = current;
    },
  };
}
