/** `count` names of organisations. */
export function organisations(count: number, prefix = "org"): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
