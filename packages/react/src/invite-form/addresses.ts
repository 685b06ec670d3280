const DELIMITERS = ",;\t";

/**
 * Finds the addresses in what was typed, pasted or read from a file: divided by commas, semicolons, white space or lines,
 * `Ann <ann@example.com>`, or the column of a table with or without a header. What is no address is kept, to be shown.
 */
export function splitAddresses(text: string): readonly string[] {
  const clean = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  // A quote that is never closed is no field of several lines.
  const rows = rowsOf(clean, true) ?? rowsOf(clean, false) ?? [];
  const [first = []] = rows;
  const body = rows.slice(first.some(hasAt) ? 0 : 1);
  const column = namedColumn(first, body) ?? onlyColumn(first, body);
  if (column === null) return rows.flatMap((fields) => fields.flatMap(tokensOf));
  // A line of one field was typed below the table.
  return body.flatMap((fields) => tokensOf(fields[fields.length === 1 ? 0 : column] ?? ""));
}

/** Lines of fields. By hand, since a pattern that looks ahead for the closing quote takes quadratic time on a long line. */
function rowsOf(text: string, quotesSpanLines: boolean): readonly (readonly string[])[] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  let isJustClosed = false;
  for (const character of `${text}\n`) {
    // A quote after the closing one stands for itself, and the field goes on.
    const isQuote: boolean = character === '"' && (isQuoted || isJustClosed || field.trim() === "");
    isJustClosed = isQuote && isQuoted;
    const isEnd = character === "\n" && !(isQuoted && quotesSpanLines);
    if (isEnd || (!isQuoted && DELIMITERS.includes(character))) {
      row.push(field.trim());
      field = "";
    } else if (!isQuote) field += character;
    if (isQuote) isQuoted = !isQuoted;
    if (!isEnd) continue;
    if (row.some((found) => found !== "")) rows.push(row);
    row = [];
    isQuoted = false;
  }
  return isQuoted ? null : rows;
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
