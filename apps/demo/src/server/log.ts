/** One structured line for the operator. */
export type Log = (level: "info" | "error", event: string, data: Readonly<Record<string, unknown>>) => void;

/** Writes each line as JSON: errors to stderr, the rest to stdout. */
export const logToConsole: Log = (level, event, data) => {
  const line = JSON.stringify({ time: new Date().toISOString(), level, event, ...data });
  if (level === "error") console.error(line);
  else console.log(line);
};
