import { counter, createEntitlements, memoryAdapter } from "@x/entitlements-core";
import { counters, FEW, growth, MANY } from "./growth.ts";
import { organisations } from "./organisations.ts";
import type { Question } from "./question.ts";
import type { Candidate } from "./sandwich.ts";
import { createApplication, limited } from "./sqlite/application.ts";
import { limitedInsert, plainInsert } from "./sqlite/by-hand.ts";
import { makeFile, seedRows, settledRows } from "./sqlite/file.ts";

/** Organisations take turns, so that what is used hardly moves during a slice. */
const ORGANISATIONS = 200;
const MOST = 4 * ORGANISATIONS;

const few = organisations(ORGANISATIONS, "few");
const many = organisations(ORGANISATIONS, "many");

export const counterGrowth: Question = {
  name: "p6-counter-growth",
  asks: `what a counter enforcement costs at ${MANY} units used, beside the same at ${FEW} units (ratio: time against it)`,
  async answer(pace) {
    const inMemory = createEntitlements({
      adapter: memoryAdapter(),
      resources: { "quota:credit": counter({ label: "Credits" }) },
    });
    for (const orgId of [...few, ...many])
      await inMemory.setLimit({ orgId, resourceType: "quota:credit", limit: 1_000_000 });
    const file = makeFile();
    const application = createApplication(file.path);
    try {
      await limited(application, [...few, ...many]);
      seedRows(file.host, ["few"], FEW);
      seedRows(file.host, ["many"], MANY);
      const settle = settledRows(file.host);
      const byHand = (name: string, work: (orgId: string) => void, orgId: string): Candidate => ({
        name,
        run: async (times) => {
          for (let index = 0; index < times; index++) work(orgId);
        },
        settle,
      });
      const insert = plainInsert(file.open());
      const counting = limitedInsert(file.open());
      const lines = [
        ...(await growth(
          await counters("memory: counter", inMemory, few, FEW),
          await counters("memory: counter", inMemory, many, MANY),
          pace,
          MOST,
          1.15,
        )),
        ...(await growth(
          await counters("SQLite: counter", application.entitlements, few, FEW),
          await counters("SQLite: counter", application.entitlements, many, MANY),
          pace,
          MOST,
          1.15,
        )),
        ...(await growth(
          byHand("SQLite by hand: INSERT", insert, "few"),
          byHand("SQLite by hand: INSERT", insert, "many"),
          pace,
          MOST,
          null,
        )),
        ...(await growth(
          byHand("SQLite by hand: limit, count(*), INSERT", counting, "few"),
          byHand("SQLite by hand: limit, count(*), INSERT", counting, "many"),
          pace,
          MOST,
          null,
        )),
      ];
      return { lines, notes: ["a kept counter is one row; count(*) reads every row of the organisation"] };
    } finally {
      await application.close();
      file.remove();
    }
  },
};
