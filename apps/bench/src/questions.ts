import { counterGrowth } from "./p6-counter-growth.ts";
import { sqliteUsage } from "./p9-sqlite-usage.ts";
import { sqliteEnforce } from "./p10-sqlite-enforce.ts";
import { sqliteProcesses } from "./p10-sqlite-processes.ts";
import { sdkOverhead } from "./p11-sdk-overhead.ts";
import type { Question } from "./question.ts";

/** In the order of performance.md's goals. */
export const questions: readonly Question[] = [counterGrowth, sqliteUsage, sqliteEnforce, sqliteProcesses, sdkOverhead];
