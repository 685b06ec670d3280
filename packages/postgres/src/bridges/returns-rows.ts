/** Whether a statement of ours returns rows, for drivers that do not say which statement of several a result belongs to. */
export function returnsRows(statement: string): boolean {
  return /^\s*(select|with|values|show|explain)\b/i.test(statement) || /\breturning\b/i.test(withoutTexts(statement));
}

function withoutTexts(statement: string): string {
  return statement.replace(/'[^']*'|"[^"]*"/g, "");
}
