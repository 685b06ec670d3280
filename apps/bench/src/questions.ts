import { sdkOverhead } from "./p11-sdk-overhead.ts";
import type { Question } from "./question.ts";

/** In the order of performance.md's goals. */
export const questions: readonly Question[] = [sdkOverhead];
