import { organisations } from "./organisations.ts";
import { besideNeighbours } from "./postgres/neighbours.ts";
import type { Question } from "./question.ts";

/** Organisations take turns, so that a slice adds a row or two to what each of them counts. */
const ORGANISATIONS = 1_000;

export const postgresEnforce: Question = {
  name: "p1-postgres-enforce",
  asks: "enforce with one INSERT on PostgreSQL, 1 000 organisations in turn, beside what people write instead (ratio: speed against it by hand)",
  answer: (pace) => besideNeighbours(pace, organisations(ORGANISATIONS), 2 * ORGANISATIONS, { byHand: 1, drizzle: 2 }),
};
