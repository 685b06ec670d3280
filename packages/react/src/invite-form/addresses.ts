/**
 * Finds the addresses in what was typed, pasted or read from a file: divided by commas, semicolons, white space or lines,
 * `Ann <ann@example.com>`, or the column of a table with or without a header. What is no address is kept, to be shown.
 */
export function splitAddresses(text: string): readonly string[] {
  const rows = rowsOf(text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n"));
  const [first = []] = rows;
  const body = rows.slice(first.some(hasAt) ? 0 : 1);
  const column = namedColumn(first, body) ?? onlyColumn(first, body);
  if (column === null) return rows.flatMap((fields) => fields.flatMap(tokensOf));
  // A line of one field was typed below the table.
  return body.flatMap((fields) => tokensOf(fields[fields.length === 1 ? 0 : column] ?? ""));
}

/** What a quoted field says up to its closing quote, what follows it or is not quoted, and the end. Takes linear time. */
const FIELD = /(?: *"([^"]*(?:""[^"]*)*)")?([^,;\t\n]*)([,;\t\n])/g;

function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted = "", rest = "", end] of `${text}\n`.matchAll(FIELD)) {
    rows.at(-1)?.push((quoted + rest).trim());
    if (end === "\n") rows.push([]);
  }
  return rows.filter((fields) => fields.some((field) => field !== ""));
}

function tokensOf(field: string): readonly string[] {
  const named = Array.from(field.matchAll(/<([^<>]*)>/g), ([, address = ""]) => address.trim());
  return (named.length > 0 ? named : field.split(/[\s,;]+/)).filter((token) => token !== "");
}

const hasAt = (field: string | undefined) => field?.includes("@") ?? false;

/** The column that a first line without an address calls mail; of several the one with the most addresses. */
function namedColumn(first: readonly string[], body: readonly (readonly string[])[]): number | null {
  if (body.length === 0 || first.some(hasAt)) return null;
  const columns = first.flatMap((name, index) => (/mail|correo|courriel/i.test(name) ? [index] : []));
  const count = (column: number) => body.filter((fields) => hasAt(fields[column])).length;
  return columns.sort((a, b) => count(b) - count(a))[0] ?? null;
}

/** The only column with addresses, where every line has as many columns as the first. */
function onlyColumn(first: readonly string[], body: readonly (readonly string[])[]): number | null {
  const column = body[0]?.findIndex(hasAt) ?? -1;
  const isTable =
    column >= 0 &&
    body.length > 1 &&
    first.length > 1 &&
    body.every(
      (fields) => fields.length === first.length && fields.every((field, index) => hasAt(field) === (index === column)),
    );
  return isTable ? column : null;
}
