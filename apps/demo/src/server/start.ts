import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { createAuth } from "./auth.ts";
import type { DatabaseSource } from "./database/database.ts";
import { postgresDatabase } from "./database/postgres.ts";
import { sqliteFile } from "./database/sqlite.ts";
import { createDemoEntitlements } from "./entitlements.ts";
import type { Log } from "./log.ts";
import { startRemoving } from "./race/removal.ts";
import { raceRoutes } from "./race/routes.ts";
import { withRequestId } from "./request-log.ts";
import { keptSecret } from "./secret.ts";
import { seedOrganisations } from "./seed.ts";
import type { Settings } from "./settings.ts";
import { explained, explainListen } from "./start-error.ts";
import { createStop } from "./stop.ts";

export interface StartOptions extends Settings {
  readonly webFolder: string;
  readonly log: Log;
}

export interface RunningDemo {
  /** For a browser on this machine. */
  readonly url: string;
  /** What a person calls the database. */
  readonly databaseName: string;
  /** Takes no new requests, lets those under way finish, then closes the database. */
  stop(): Promise<void>;
}

/** Opens the database, brings it up to date and listens. Throws a `StartError` for whatever a person can mend. */
export async function startDemo(options: StartOptions): Promise<RunningDemo> {
  const { host, port, operators, signInAttempts, trustProxy, webFolder } = options;
  const log = withRequestId(options.log);
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.reverse()) await closeOne();
  };
  try {
    const source = sourceOf(options, log);
    const app = await explained(async () => {
      const database = await source.open();
      opened.push(database.close);
      const { connection, type } = database;
      const entitlements = createDemoEntitlements(database.adapter, log);
      await entitlements.migrate();
      const secret = options.secret ?? (await database.transaction(keptSecret));
      const authOptions = { type, entitlements, secret, signInAttempts, log };
      const auth = createAuth({ ...authOptions, connection });
      const { transaction } = database;
      await seedOrganisations(transaction, entitlements, authOptions);
      const raceOptions = { connection, transaction, entitlements, auth, authOptions, log };
      opened.push(await startRemoving(raceOptions));
      return createApp({
        ...{ connection, entitlements, auth, operators, trustProxy, webFolder, log },
        race: await raceRoutes(raceOptions),
      });
    }, source.explain);

    const server = createServer(getRequestListener(app.fetch));
    const stopServer = createStop(server);
    await explained(
      () => listen(server, port, host),
      (error) => explainListen(error, options),
    );
    opened.push(stopServer);
    return { url: urlOf(server), databaseName: source.name, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function sourceOf({ database }: StartOptions, log: Log): DatabaseSource {
  return "url" in database ? postgresDatabase(database.url, log) : sqliteFile(database.file);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

// Not `localhost`, which may lead to another program that listens on the same port of [::1].
function urlOf(server: Server): string {
  const listening = server.address();
  if (typeof listening !== "object" || listening === null) throw new Error("The server does not listen on a port.");
  const { address, port } = listening;
  const reached = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
