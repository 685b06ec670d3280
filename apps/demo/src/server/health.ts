import { setTimeout } from "node:timers/promises";
import type { Handler } from "hono";
import { sql } from "kysely";
import type { Connection } from "./database/tables.ts";

const PATIENCE_MS = 2_000;

/** Says whether the database answers, for whoever decides where requests go. */
export function healthHandler(connection: Connection): Handler {
  return async (c) => {
    const answers = await answersInTime(connection);
    c.header("Cache-Control", "no-store");
    return answers ? c.json({ status: "ok" }) : c.json({ status: "unavailable" }, 503);
  };
}

async function answersInTime(connection: Connection): Promise<boolean> {
  const waiting = new AbortController();
  const asked = sql`select 1`.execute(connection).then(
    () => true,
    () => false,
  );
  const late = setTimeout(PATIENCE_MS, false, { signal: waiting.signal }).catch(() => false);
  try {
    return await Promise.race([asked, late]);
  } finally {
    waiting.abort();
  }
}
