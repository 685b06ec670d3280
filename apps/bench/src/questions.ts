import { postgresEnforce } from "./p1-postgres-enforce.ts";
import { postgresHot } from "./p2-postgres-hot.ts";
import { postgresInsert } from "./p3-postgres-insert.ts";
import { counterGrowth } from "./p6-counter-growth.ts";
import { postgresCounterGrowth } from "./p6-postgres-counter-growth.ts";
import { postgresNetwork } from "./p7-postgres-network.ts";
import { postgresRefusals } from "./p8-postgres-refusals.ts";
import { postgresUsage } from "./p9-postgres-usage.ts";
import { sqliteUsage } from "./p9-sqlite-usage.ts";
import { sqliteEnforce } from "./p10-sqlite-enforce.ts";
import { sqliteProcesses } from "./p10-sqlite-processes.ts";
import { sdkOverhead } from "./p11-sdk-overhead.ts";
import { postgresNeighbours } from "./p12-postgres-neighbours.ts";
import type { Question } from "./question.ts";

/** In the order of performance.md's goals. */
export const questions: readonly Question[] = [
  ...[postgresEnforce, postgresHot, postgresInsert, counterGrowth, postgresCounterGrowth, postgresNetwork],
  ...[postgresRefusals, postgresUsage, sqliteUsage, sqliteEnforce, sqliteProcesses, sdkOverhead, postgresNeighbours],
];
