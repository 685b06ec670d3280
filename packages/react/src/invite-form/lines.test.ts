import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitAddresses } from "./addresses.ts";
import { markAddresses } from "./lines.ts";

const nobody = { members: [], invited: [] };

test.each([
  ["commas", "ann@x.io, bob@x.io"],
  ["semicolons", "ann@x.io;bob@x.io;"],
  ["spaces", "  ann@x.io   bob@x.io "],
  ["lines", "ann@x.io\r\n\r\nbob@x.io\n"],
  ["tabs", "ann@x.io\tbob@x.io"],
  ["names, as a mail program copies them", '"Smith, Ann" <ann@x.io>, Bob Lee <bob@x.io>'],
  ["a table without a header", "Ann Smith,ann@x.io,Sales\nBob Lee,bob@x.io,\n"],
  ["a table with a header", "\uFEFFName;E-Mail;Team\nAnn;ann@x.io;Sales\nBob;bob@x.io;\n"],
  ["quoted fields", '"Name","Email"\n"Smith, Ann","ann@x.io"\n"Lee ""B"" Bob","bob@x.io"'],
  ["quotes and commas within a quoted field", 'Name,Email\n"Smith ""Annie"", Ann",ann@x.io\n"Bob, ""B""",bob@x.io'],
  ["a quoted field of several lines", 'Name,Email,Team\n"Ann\r\nSmith",ann@x.io,Sales\nBob,bob@x.io,"a\n\nb"'],
  ["a list within a quoted field", 'Team,E-Mail\nSales,"ann@x.io, bob@x.io"'],
  ["a table whose header is in another language", "Имя;Почта\nАнна;ann@x.io\nБорис;bob@x.io"],
  ["a table with lines of nothing but delimiters", "Ann,ann@x.io\nBob,bob@x.io\n,\n"],
  ["two columns called mail", "E-mail 1 - Type,E-mail 1 - Value\nWork,ann@x.io\nHome,bob@x.io"],
  ["a table with a line typed below", "Name,Email\nAnn,ann@x.io\nbob@x.io"],
  ["one column with a header", "email\nann@x.io\nbob@x.io"],
])("addresses divided by %s are found", (_, text) => {
  expect(splitAddresses(text)).toEqual(["ann@x.io", "bob@x.io"]);
});

test("what is no address is kept, so that it can be shown", () => {
  expect(splitAddresses("ann@x.io, bobx.io\ncarl")).toEqual(["ann@x.io", "bobx.io", "carl"]);
});

test("a quote within an address, or one that is never closed, swallows nothing", () => {
  expect(splitAddresses('"Ann, ann@x.io\nbob@x.io')).toEqual(['"Ann', "ann@x.io", "bob@x.io"]);
  expect(splitAddresses('o""brien@x.io, bob@x.io')).toEqual(['o""brien@x.io', "bob@x.io"]);
});

test("a long line is read in linear time", () => {
  const started = performance.now();
  for (const part of ['"a,', '"', '""', 'a"', '"\n', '"a""', "<a", "a@", " "])
    expect(splitAddresses(`a${part.repeat(200_000)}`)).not.toHaveLength(0);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("every address of a list comes out once and in order, however it is divided", () => {
  const address = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.io$/);
  const divider = fc.constantFrom(",", ";", " ", "\n", "\r\n", ", ", ";\n");
  const everyList = fc.property(fc.array(fc.tuple(address, divider), { minLength: 1 }), (parts) => {
    const text = parts.map(([email, after]) => email + after).join("");
    expect(splitAddresses(text)).toEqual(parts.map(([email]) => email));
  });
  expect(fc.check(everyList)).toHaveProperty("failed", false);
});

test("duplicates, slips, members and people invited already are marked, in upper or lower case", () => {
  const known = { members: ["Mia@x.io"], invited: ["ivo@x.io"] };
  const marks = markAddresses("ann@x.io ANN@x.io bob@x mia@X.io Ivo@x.io", known).map(({ mark }) => mark);
  expect(marks).toEqual(["ready", "duplicate", "invalid", "member", "invited"]);
});

test("an address that is being typed is not wrong yet", () => {
  const last = (text: string, isTyping: boolean) => markAddresses(text, nobody, isTyping).at(-1)?.mark;
  expect(last("ann@x.io, bob", true)).toBe("unfinished");
  expect(last("ann@x.io, bob,", true)).toBe("invalid");
  expect(last("ann@x.io, bob", false)).toBe("invalid");
});
