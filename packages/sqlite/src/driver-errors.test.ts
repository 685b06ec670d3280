import { describe, expect, it } from "vitest";
import { isBusy, sqliteCode, storageError } from "./driver-errors.ts";

describe("SQLite's code is found wherever a driver keeps it", () => {
  it.each([
    ["better-sqlite3", { code: "SQLITE_BUSY_SNAPSHOT" }, "SQLITE_BUSY_SNAPSHOT"],
    ["libsql", { code: "SQLITE_BUSY", rawCode: 5 }, "SQLITE_BUSY"],
    ["libsql, without a name", { code: "UNKNOWN_SQLITE_ERROR_1034", rawCode: 1034 }, "SQLITE_IOERR"],
    ["node:sqlite", { code: "ERR_SQLITE_ERROR", errcode: 5 }, "SQLITE_BUSY"],
    ["node:sqlite, a stale snapshot", { code: "ERR_SQLITE_ERROR", errcode: 517 }, "SQLITE_BUSY_SNAPSHOT"],
    ["node:sqlite, a constraint", { code: "ERR_SQLITE_ERROR", errcode: 1299 }, "SQLITE_CONSTRAINT"],
    [
      "@libsql/client",
      { code: "SQLITE_BUSY", extendedCode: "SQLITE_BUSY_SNAPSHOT", rawCode: 517 },
      "SQLITE_BUSY_SNAPSHOT",
    ],
    [
      "@libsql/client, without a name",
      { code: "SQLITE_BUSY", extendedCode: "UNKNOWN_SQLITE_ERROR_517", rawCode: 517 },
      "SQLITE_BUSY_SNAPSHOT",
    ],
    ["Drizzle", new Error("Failed query", { cause: { code: "SQLITE_FULL", rawCode: 13 } }), "SQLITE_FULL"],
    ["a closed connection", new TypeError("The database connection is not open"), null],
    ["node:sqlite, closed", { code: "ERR_INVALID_STATE" }, null],
    ["nothing", undefined, null],
  ])("%s", (_driver, error, code) => {
    expect(sqliteCode(error)).toBe(code);
  });

  it("but not in what the SDK has thrown because of it, which is not tried again", () => {
    const busy = { code: "SQLITE_BUSY" };
    expect([isBusy(busy), isBusy(storageError(busy))]).toEqual([true, false]);
  });

  it("in a chain of causes that leads back to itself it is none", () => {
    const error = new Error("a");
    error.cause = error;
    expect(sqliteCode(error)).toBe(null);
  });
});
