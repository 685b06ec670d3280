import { count, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, integer, pgTable, text } from "drizzle-orm/pg-core";
import type { Pool, PoolClient } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { INSERT } from "./database.ts";

/** Writes one project of the organisation, in a way that somebody would write it without the SDK. */
export type ByHand = (orgId: string) => Promise<void>;

/** The insert alone, limited by nothing, each a transaction of its own. */
export function plainInsert(pool: Pool): ByHand {
  return async (orgId) => void (await pool.query(INSERT, [orgId]));
}

/** The insert alone, in BEGIN … COMMIT: three trips. */
export function insertInTransaction(pool: Pool): ByHand {
  return (orgId) => inTransaction(pool, async (client) => void (await client.query(INSERT, [orgId])));
}

const LIMIT = "select max_projects from plan_limit where org_id = $1 for update";
const COUNT = "select count(*)::integer as current from project where org_id = $1";

/** What a careful host writes itself: BEGIN, lock the limit, count, decide, insert, COMMIT: five trips. */
export function limitedInsert(pool: Pool): ByHand {
  return (orgId) =>
    inTransaction(pool, async (client) => {
      const limit = await client.query(LIMIT, [orgId]);
      const counted = await client.query(COUNT, [orgId]);
      if (Object(counted.rows[0])["current"] >= Object(limit.rows[0])["max_projects"]) throw new Error("full");
      await client.query(INSERT, [orgId]);
    });
}

/** The same with statements that each connection prepares once: what most poolers do not pass on. */
export function preparedLimitedInsert(pool: Pool): ByHand {
  return (orgId) =>
    inTransaction(pool, async (client) => {
      const limit = await client.query({ name: "by_hand_limit", text: LIMIT, values: [orgId] });
      const counted = await client.query({ name: "by_hand_count", text: COUNT, values: [orgId] });
      if (Object(counted.rows[0])["current"] >= Object(limit.rows[0])["max_projects"]) throw new Error("full");
      await client.query({ name: "by_hand_insert", text: INSERT, values: [orgId] });
    });
}

const project = pgTable("project", {
  id: bigint({ mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  orgId: text("org_id").notNull(),
  name: text().notNull(),
});
const planLimit = pgTable("plan_limit", {
  orgId: text("org_id").primaryKey(),
  maxProjects: integer("max_projects").notNull(),
});

/** The five trips as drizzle says them. */
export function limitedInsertByDrizzle(pool: Pool): ByHand {
  const db = drizzle(pool);
  return (orgId) =>
    db.transaction(async (tx) => {
      const [limit] = await tx
        .select({ max: planLimit.maxProjects })
        .from(planLimit)
        .where(eq(planLimit.orgId, orgId))
        .for("update");
      const [counted] = await tx.select({ current: count() }).from(project).where(eq(project.orgId, orgId));
      if (limit === undefined || counted === undefined || counted.current >= limit.max) throw new Error("full");
      await tx.insert(project).values({ orgId, name: "Website" });
    });
}

/**
 * rate-limiter-flexible's counter, then the insert: two transactions, so a failed insert keeps its point. It is what
 * comes nearest among the packages that people have already.
 */
export async function rateLimitedInsert(pool: Pool): Promise<ByHand> {
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const made: RateLimiterPostgres = new RateLimiterPostgres(
      {
        storeClient: pool,
        tableName: "rate_limit",
        points: 1_000_000_000,
        // The points never come back by themselves, as those of a quota.
        duration: 0,
        clearExpiredByTimeout: false,
      },
      (error?: unknown) => (error ? reject(error) : setImmediate(() => resolve(made))),
    );
  });
  return async (orgId) => {
    await limiter.consume(orgId);
    await pool.query(INSERT, [orgId]);
  };
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
