import { besideNeighbours } from "./postgres/neighbours.ts";
import type { Question } from "./question.ts";

/** So few in a slice that the rows to count do not become much more than they were. */
const MOST = 150;

export const postgresHot: Question = {
  name: "p2-postgres-hot",
  asks: "the same as P1 where all callers want the same organisation",
  answer: (pace) => besideNeighbours(pace, ["hot"], MOST, { byHand: 1.25, drizzle: 1.8 }),
};
