import { fileURLToPath } from "node:url";
import { logToConsole } from "./log.ts";
import { readSettings } from "./settings.ts";
import { type RunningDemo, startDemo } from "./start.ts";
import { StartError } from "./start-error.ts";

// Built to dist/main.js, so paths start from dist.
const webFolder = fileURLToPath(new URL("web", import.meta.url));
const defaultDatabaseFile = fileURLToPath(new URL("../.data/demo.db", import.meta.url));

// npx and pnpm pass a Ctrl-C on that the terminal has sent us already: what comes this soon is the same key press.
const SAME_KEY_PRESS_MS = 500;

try {
  const settings = readSettings(process.env, defaultDatabaseFile);
  const demo = await startDemo({ ...settings, webFolder, log: logToConsole });
  stopOnSignal(demo);
  console.log(`Demo on ${demo.url} (database: ${demo.databaseName}, Ctrl-C stops)`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  // Not left to end by itself: `pg` keeps the connection on which it could not log in until the server ends it.
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
}

function stopOnSignal(demo: RunningDemo): void {
  let stoppingSince: number | undefined;
  const stop = async (): Promise<void> => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_KEY_PRESS_MS) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    await demo.stop();
    console.log("Stopped.");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
