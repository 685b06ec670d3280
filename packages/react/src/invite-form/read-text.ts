/** Far more than anybody invites at once; what is larger was probably chosen by mistake, and would make the page hang. */
const MAX_BYTES = 1_000_000;

/** The text of a file in UTF-8, or in the UTF-16 that spreadsheets export. Rejects where it cannot be read or is too large. */
export async function readText(file: File): Promise<string> {
  if (file.size > MAX_BYTES) throw new RangeError();
  const bytes = await file.arrayBuffer();
  const [mark] = new Uint8Array(bytes);
  // No text in UTF-8 begins with either of them.
  return new TextDecoder(mark === 0xff ? "utf-16le" : mark === 0xfe ? "utf-16be" : "utf-8").decode(bytes);
}
