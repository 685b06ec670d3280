import type { Arbitrary } from "fast-check";
import type { Claims, ModelType, Planned } from "./calls.ts";

// An optional peer, loaded by those who run the model; its values are handed in.
type FastCheck = typeof import("fast-check");

/** In seconds. */
export const LONGEST_TTL = 5;

/** What is done first, alone, and lanes of calls that then start together. */
export interface History {
  readonly first: readonly Planned[];
  readonly lanes: readonly (readonly Planned[])[];
}

/** Histories in which few units are wanted by many, so that refusals, waits and conflicts are common. */
export function histories(
  fc: FastCheck,
  { people, locks }: { readonly people: boolean; readonly locks: "one" | "each" },
): Arbitrary<History> {
  const org = fc.oneof({ weight: 4, arbitrary: fc.constant("one") }, { weight: 1, arbitrary: fc.constant("two") });
  const amount = fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(2, 3) });
  const ttl = fc.constantFrom(1, 2, LONGEST_TTL);
  const limit = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const held: readonly Exclude<ModelType, "feature:switch">[] = [
    "quota:item",
    "quota:item",
    "quota:credit",
    "quota:token",
    ...(people ? (["seat:person", "seat:person"] as const) : []),
  ];
  const type = fc.constantFrom<ModelType>("feature:switch", ...held);
  const person = fc.constantFrom("ann", "bob");
  const yesOnceIn = (times: number) => fc.integer({ min: 1, max: times }).map((drawn) => drawn === times);

  const claim = fc.oneof({ weight: 4, arbitrary: amount }, { weight: 1, arbitrary: fc.constantFrom(0, -1, -2) });
  const claims: Arbitrary<Claims> = fc
    .uniqueArray(fc.tuple(type, claim), { selector: ([name]) => name, minLength: 1, maxLength: 3 })
    .map((pairs) => Object.fromEntries(pairs));
  const one = { org, claims, key: fc.option(fc.constantFrom("first", "second"), { freq: 2 }) };

  const holdKey = (of: ModelType) =>
    fc.option(of === "seat:person" ? person.map((name) => `member:${name}`) : fc.constantFrom("k", "l"));
  const covers = (of: ModelType) =>
    of === "seat:person" ? fc.subarray(["invitation:ann", "invitation:bob"]) : fc.constant([]);
  const anyKey = people ? fc.constantFrom("k", "l", "member:ann", "member:bob") : fc.constantFrom("k", "l");
  const which = fc.oneof(
    { weight: 2, arbitrary: fc.record({ nth: fc.nat({ max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ key: anyKey }) },
  );

  const does = <Name extends string>(name: Name) => fc.constant(name);
  const reserve: Arbitrary<Planned> = fc.constantFrom(...held).chain((of) => {
    const wanted = { type: fc.constant(of), amount, key: holdKey(of), covers: covers(of), ttl };
    return fc.record({ does: does("reserve"), org, ...wanted });
  });
  const alone: Arbitrary<Planned> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        does: does("enforce"),
        ...one,
        when: fc.option(
          fc.record({ answers: fc.boolean(), inserts: locks === "one" ? fc.boolean() : fc.constant(false) }),
          { freq: 2 },
        ),
        fails: yesOnceIn(6),
        person,
        joins: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ does: does("consume"), ...one }) },
    { weight: 5, arbitrary: reserve },
    { weight: 4, arbitrary: fc.record({ does: does("confirm"), org, which, fails: yesOnceIn(6) }) },
    { weight: 2, arbitrary: fc.record({ does: does("release"), org, which }) },
    { weight: 2, arbitrary: fc.record({ does: does("setLimit"), org, type, limit, ttl: fc.option(ttl) }) },
    { weight: 1, arbitrary: fc.record({ does: does("clearLimit"), org, type }) },
    { weight: 1, arbitrary: fc.record({ does: does("forget"), org }) },
    { weight: 1, arbitrary: fc.record({ does: does("check"), org, type, amount }) },
    { weight: 1, arbitrary: fc.record({ does: does("resolve"), org, type }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("usage", "limits"), org }) },
  );
  const call: Arbitrary<Planned> = fc.oneof(
    { weight: 12, arbitrary: alone },
    { weight: 2, arbitrary: fc.record({ does: does("advance"), seconds: fc.integer({ min: 1, max: 3 }) }) },
    {
      weight: locks === "one" ? 2 : 0,
      arbitrary: fc.record({
        does: does("joined"),
        org,
        within: fc.constantFrom("host", "enforce"),
        calls: fc.array(alone, { minLength: 1, maxLength: 3 }),
        rollsBack: yesOnceIn(3),
      }),
    },
  );
  const limits: Arbitrary<Planned[]> = fc
    .uniqueArray(fc.tuple(type, limit), { selector: ([name]) => name, maxLength: 4 })
    .map((pairs) => pairs.map(([of, most]) => ({ does: "setLimit", org: "one", type: of, limit: most, ttl: null })));
  return fc.record({
    first: fc.tuple(limits, fc.array(reserve, { maxLength: 2 })).map((parts) => parts.flat()),
    lanes: fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
  });
}
