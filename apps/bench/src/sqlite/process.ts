// One process of several on one file: what its parent asks it does, and answers.
import { isLimitReachedError } from "@x/entitlements-core/errors";
import { createMutex } from "../callers.ts";
import { createApplication } from "./application.ts";
import { limitedInsert } from "./by-hand.ts";
import { connect } from "./file.ts";
import type { Did, Task } from "./processes.ts";

const [, , path = ""] = process.argv;

/** How long the event loop was kept by one attempt to take the write lock, at most. */
let longestAttempt = 0;
const application = createApplication(path, "normal", ({ sql, ms }) => {
  if (sql === "begin immediate") longestAttempt = Math.max(longestAttempt, ms);
});

/** By hand the driver waits for the lock, as it does where nothing else is said. */
const connection = connect(path, "normal");
connection.exec("pragma busy_timeout = 5000");
const inLine = createMutex();
const insert = limitedInsert({
  prepare: (sql) => connection.prepare(sql),
  exec(sql) {
    const began = performance.now();
    connection.exec(sql);
    if (sql === "begin immediate") longestAttempt = Math.max(longestAttempt, performance.now() - began);
  },
});

const works = {
  enforce: application.enforce,
  "by-hand": (orgId: string) => inLine(() => insert(orgId)),
  // As one more process that wants nothing of the file: how long this machine lets any of them stand still.
  idle: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
};

async function perform({ work, callers, ms, orgIds }: Task): Promise<Did> {
  const did = { granted: 0, refused: 0, errors: [] as string[] };
  let stood = 0;
  let last = performance.now();
  const until = last + ms;
  longestAttempt = 0;
  const timer = setInterval(() => {
    stood = Math.max(stood, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  const caller = async (index: number): Promise<void> => {
    for (let turn = index; performance.now() < until; turn += callers) {
      try {
        await works[work](orgIds[turn % orgIds.length] ?? "");
        did.granted++;
      } catch (error) {
        if (isLimitReachedError(error)) did.refused++;
        else did.errors.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  clearInterval(timer);
  return { ...did, longestAttempt, stood: Math.max(stood, performance.now() - last - 1) };
}

process.on("message", (task: Task) => {
  void perform(task).then((did) => process.send?.(did));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
