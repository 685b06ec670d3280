const DELIMITERS = ",;\t";

/**
 * Finds the addresses in what was typed, pasted or read from a file: divided by commas, semicolons, white space or lines,
 * `Ann <ann@example.com>`, or the column of a table with or without a header. What is no address is kept, to be shown.
 */
export function splitAddresses(text: string): readonly string[] {
  const rows = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .map(fieldsOf);
  const header = headerColumn(rows);
  // A line of one field was typed below the table.
  if (header !== null)
    return rows.slice(1).flatMap((fields) => tokensOf(fields[fields.length === 1 ? 0 : header] ?? ""));
  const column = addressColumn(rows);
  if (column !== null) return rows.flatMap((fields) => tokensOf(fields[column] ?? ""));
  return rows.flatMap((fields) => fields.flatMap(tokensOf));
}

// By hand, since a pattern that looks ahead for the closing quote takes quadratic time on a long line.
function fieldsOf(line: string): readonly string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (const character of line) {
    if (character === '"' && (isQuoted || field.trim() === "")) isQuoted = !isQuoted;
    else if (!isQuoted && DELIMITERS.includes(character)) {
      fields.push(field.trim());
      field = "";
    } else field += character;
  }
  return [...fields, field.trim()];
}

function tokensOf(field: string): readonly string[] {
  const named = Array.from(field.matchAll(/<([^<>]*)>/g), ([, address = ""]) => address.trim());
  return (named.length > 0 ? named : field.split(/\s+/)).filter((token) => token !== "");
}

const hasAt = (field: string | undefined) => field?.includes("@") ?? false;

/** The column that a first line without an address calls mail; of several the one with the most addresses. */
function headerColumn([header = [], ...rows]: readonly (readonly string[])[]): number | null {
  if (rows.length === 0 || header.some(hasAt)) return null;
  const columns = header.flatMap((name, index) => (/mail|correo|courriel/i.test(name) ? [index] : []));
  const count = (column: number) => rows.filter((fields) => hasAt(fields[column])).length;
  return columns.sort((a, b) => count(b) - count(a))[0] ?? null;
}

/** The only column with addresses, where every line has the same columns. */
function addressColumn(rows: readonly (readonly string[])[]): number | null {
  const [first = []] = rows;
  const column = first.findIndex(hasAt);
  const isTable =
    rows.length > 1 &&
    first.length > 1 &&
    rows.every(
      (fields) => fields.length === first.length && fields.every((field, index) => hasAt(field) === (index === column)),
    );
  return isTable ? column : null;
}
