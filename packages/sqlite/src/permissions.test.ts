import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createEntitlements } from "@x/entitlements-core";
import Database from "libsql";
import { afterEach, describe, expect, it } from "vitest";
import { claimBoth, exactly } from "./fixtures/accounts.ts";
import { checkpoint } from "./fixtures/checkpoint.ts";
import { type Connection, createApp, project, resources } from "./fixtures/scratch.ts";
import { endVictims, runVictim } from "./fixtures/victims.ts";

afterEach(endVictims);

const storage = { code: "ENTITLEMENT_STORAGE", outcome: "rolled-back" };
const readOnly = { ...storage, message: expect.stringMatching(/read-only.*permissions/) };
const closed = {
  ...storage,
  message: expect.stringMatching(/cannot be opened.*permissions|could not open.*permissions/),
};

// A child process gives up being root, whom mode bits do not stop.
describe.runIf(process.platform !== "win32")("a file of which the permissions are taken away", () => {
  // Fails without assertWritable in adapter.ts (the function then runs), and where sessions do not translate.
  it.each([
    // SQLite makes the log as read-only as the file. A process that has opened such a log may have to be started anew.
    ["may only be read", "444", "777", readOnly, "granted", expect.anything()],
    ["may only be read, like its folder", "444", "555", readOnly, readOnly, "granted"],
    ["may be written but its folder not", "666", "555", readOnly, readOnly, "granted"],
    ["may not even be read", "000", "777", closed, closed, "granted"],
    ["is in a folder that may not be entered", "666", "000", closed, closed, "granted"],
  ])("%s: typed errors, and all goes on when they are back", async (_what, file, folder, write, read, granted) => {
    const app = await createApp();
    await app.entitlements.setLimit({ ...project, limit: 3 });
    await claimBoth(app.entitlements);
    checkpoint(app);
    // In a folder of its own, and without a log that is open already and may be written.
    const own = join(app.folder, "own");
    mkdirSync(own);
    chmodSync(app.folder, 0o755);
    const copy = join(own, "app.db");
    copyFileSync(app.file, copy);
    const { answer } = await runVictim("permissions", copy, [file, folder]);
    expect(answer).toMatchObject({
      refused: { enforce: write, consume: write, setLimit: write, check: read },
      granted,
    });
    const counted = Object(answer)["granted"] === "granted" ? 2 : 1;
    const open = (): Connection => new Database(copy);
    const after = createEntitlements({ adapter: app.adapter({}, open), resources });
    for (let taken = counted; taken < 3; taken++) await claimBoth(after);
    await expect(claimBoth(after)).rejects.toMatchObject({ code: "ENTITLEMENT_LIMIT_REACHED" });
    const host = open();
    expect(exactly(host)).toBe(3);
    host.close();
  });
});
