import { isLimitReachedError } from "@x/entitlements-core/errors";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApplication, limited } from "./sqlite/application.ts";
import { fiftyTypes } from "./sqlite/fifty-types.ts";
import { type DatabaseFile, makeFile, seedRows } from "./sqlite/file.ts";

const project = { orgId: "acme", resourceType: "quota:project" } as const;
const credit = { orgId: "acme", resourceType: "quota:credit" } as const;

/** An application in use, and what its adapter sends for one more call: the first words of each statement. */
async function inUse() {
  const file: DatabaseFile = makeFile();
  let sent: string[] = [];
  const application = createApplication(file.path, "normal", ({ sql }) => sent.push(sql));
  onTestFinished(async () => {
    await application.close();
    file.remove();
  });
  seedRows(file.host, ["acme"], 10);
  await limited(application, ["acme"]);
  // The first use of a connection asks more.
  await application.enforce("acme");
  await application.entitlements.usage({ orgId: "acme" });
  const statements = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    sent = [];
    await work();
    return sent.map((sql) => sql.split(/\s+(?:entitlements_\d+|used|version|\*|into)/)[0] ?? "");
  };
  return { ...application, file, statements };
}

// The savepoint finds out where a function has ended the transaction and begun another one.
const BEGIN = ["begin immediate", "savepoint entitlements_transaction"];
const COMMIT = ["release entitlements_transaction", "commit"];

describe("what one call sends to SQLite, however fast the machine is", () => {
  it("enforcing rows: the lock, the limit, the count, and the commit", async () => {
    const { enforce, statements } = await inUse();
    expect(await statements(() => enforce("acme"))).toEqual([...BEGIN, "select", "select", ...COMMIT]);
  });

  it("enforcing a counter: the lock, the limit with the count, the new count, and the commit", async () => {
    const { entitlements, statements } = await inUse();
    expect(await statements(() => entitlements.consume(credit))).toEqual([...BEGIN, "select", "insert", ...COMMIT]);
  });

  it("several claims at once: no more than one", async () => {
    const { entitlements, statements } = await inUse();
    const claims = { "quota:project": 1, "quota:credit": 0 };
    expect(await statements(() => entitlements.consume({ orgId: "acme", claims }))).toHaveLength(6);
  });

  it("a refusal: as much, and undone", async () => {
    const { entitlements, statements } = await inUse();
    await entitlements.setLimit({ ...project, limit: 1 });
    const refused = () =>
      expect(entitlements.consume(project)).rejects.toSatisfy((error: unknown) => isLimitReachedError(error));
    expect(await statements(refused)).toEqual([...BEGIN, "select", "select", "rollback"]);
  });

  it("a check: the limit and the count, in a transaction that only reads", async () => {
    const { entitlements, statements } = await inUse();
    expect(await statements(() => entitlements.check(project))).toEqual(["begin", "select", "select", "commit"]);
  });

  it("usage() of 50 resource types: two queries", async () => {
    const { usage, queriedByHand, sent, remove } = await fiftyTypes();
    onTestFinished(remove);
    expect(await usage()).toBe(await queriedByHand());
    const statements = await sent(usage);
    expect(statements.filter((sql) => !["begin", "commit"].includes(sql)).length).toBeLessThanOrEqual(2);
    expect(statements.length).toBeLessThanOrEqual(4);
  });
});
