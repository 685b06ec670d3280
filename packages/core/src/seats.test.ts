import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError, defineSeats, InvalidRequestError } from "./index.ts";

const definition = {
  "seat:admin": ["owner", "admin"],
  "seat:member": ["member", "editor"],
  "seat:guest": ["guest"],
} as const;
const strict = defineSeats(definition);
const lenient = defineSeats(definition, { unknownRole: "seat:member" });

describe("the seat of a role", () => {
  test("is the bucket it is listed in", () => {
    expect([strict.bucketOf("owner"), strict.bucketOf("editor"), strict.bucketOf("guest")]).toEqual([
      "seat:admin",
      "seat:member",
      "seat:guest",
    ]);
  });

  test("is that of the highest of several, in any order", () => {
    expect(strict.bucketOf("admin,member")).toBe("seat:admin");
    expect(strict.bucketOf("guest,member")).toBe("seat:member");
    expect(strict.bucketOf("guest,member,owner")).toBe("seat:admin");
  });

  test("does not mind spaces around the commas, nor a role named twice", () => {
    expect(strict.bucketOf(" member ,\tadmin\n")).toBe("seat:admin");
    expect(strict.bucketOf("guest,guest")).toBe("seat:guest");
  });

  test("is told apart by case: Admin is not admin", () => {
    expect(() => strict.bucketOf("Admin")).toThrow(InvalidRequestError);
  });

  test.each(["intern", "admin,intern", "", ",", "admin,", "constructor", "__proto__", "seat:admin"])(
    "%j is refused where unknown roles are not declared, also beside a known one",
    (role) => {
      expect(() => strict.bucketOf(role)).toThrow(
        expect.objectContaining({
          code: "ENTITLEMENT_INVALID_REQUEST",
          status: 400,
          field: "role",
          message: `${JSON.stringify(role)} takes no known seat. Known roles: owner, admin, member, editor, guest. Add it to defineSeats() or set unknownRole.`,
        }),
      );
    },
  );

  test("falls into the declared bucket where it is unknown, and a higher one beside it wins", () => {
    expect(lenient.bucketOf("intern")).toBe("seat:member");
    expect(lenient.bucketOf("")).toBe("seat:member");
    expect(lenient.bucketOf("intern,admin")).toBe("seat:admin");
    expect(lenient.bucketOf("guest,intern")).toBe("seat:member");
  });

  const roles = fc.array(fc.constantFrom("owner", "admin", "member", "editor", "guest", "intern", " admin ", "x y"), {
    minLength: 1,
    maxLength: 6,
  });

  test("never depends on the order in which the roles are written", () => {
    fc.assert(
      fc.property(
        roles.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(lenient.bucketOf(shuffled.join(","))).toBe(lenient.bucketOf(list.join(",")));
        },
      ),
    );
  });

  test("is never below that of any of its roles: another role cannot take a seat down", () => {
    const rank = (role: string) => lenient.buckets.indexOf(lenient.bucketOf(role));
    fc.assert(
      fc.property(roles, (list) => {
        expect(rank(list.join(","))).toBe(Math.min(...list.map(rank)));
      }),
    );
  });

  test("is one of the buckets or an InvalidRequestError, whatever is asked", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (role) => {
        expect(lenient.buckets).toContain(lenient.bucketOf(role));
        try {
          expect(strict.buckets).toContain(strict.bucketOf(role));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
  });
});

test("buckets and roles are listed as they were defined, highest first", () => {
  expect(strict.buckets).toEqual(["seat:admin", "seat:member", "seat:guest"]);
  expect(strict.roles("seat:admin")).toEqual(["owner", "admin"]);
  expect(defineSeats({ "seat:none": [], "seat:all": ["member"] }).roles("seat:none")).toEqual([]);
});

describe("defineSeats refuses", () => {
  test.each<[string, object, object | undefined, string]>([
    [
      "a role in two buckets",
      { "seat:a": ["owner"], "seat:b": ["owner"] },
      {},
      'role "owner" is listed more than once.',
    ],
    ["a role twice in one bucket", { "seat:a": ["owner", "owner"] }, {}, 'role "owner" is listed more than once.'],
    [
      "a comma in a role",
      { "seat:a": ["owner,admin"] },
      {},
      '"owner,admin" is not a role: no commas, no spaces around it, not empty.',
    ],
    ["an empty role", { "seat:a": [""] }, {}, '"" is not a role: no commas, no spaces around it, not empty.'],
    [
      "a role with spaces around it",
      { "seat:a": [" owner"] },
      {},
      '" owner" is not a role: no commas, no spaces around it, not empty.',
    ],
    ["a role that is no text", { "seat:a": [5] }, {}, "5 is not a role: no commas, no spaces around it, not empty."],
    [
      "a text instead of a list, which would be read letter by letter",
      { "seat:a": "owner" },
      {},
      'seat:a wants a list of roles, not "owner".',
    ],
    ["nothing instead of a list", { "seat:a": undefined }, {}, "seat:a wants a list of roles, not undefined."],
    [
      "a bucket that is no resource type",
      { admin: ["owner"] },
      {},
      '"admin" is not a resource type such as "seat:admin".',
    ],
    ["no bucket at all", {}, {}, "name at least one bucket."],
    [
      "an unknownRole that is no bucket",
      { "seat:a": ["owner"] },
      { unknownRole: "seat:b" },
      'unknownRole "seat:b" is not one of the buckets.',
    ],
  ])("%s", (_what, buckets, options, says) => {
    const define = () => defineSeats(buckets as never, options as never);
    expect(define).toThrow(ConfigurationError);
    expect(define).toThrow(
      expect.objectContaining({ code: "ENTITLEMENT_CONFIGURATION", status: 500, message: `defineSeats: ${says}` }),
    );
  });
});

test("a misspelt option is refused: unknown roles would fall nowhere", () => {
  expect(() => defineSeats(definition, { unknownrole: "seat:member" } as never)).toThrow(/has no option "unknownrole"/);
});
