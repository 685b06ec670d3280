import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { sqliteAdapter } from "@x/entitlements-sqlite";
import { fromLibsql } from "@x/entitlements-sqlite/libsql";
import { createApp } from "./app.ts";
import { connect, openDatabase } from "./database.ts";
import { createDemoEntitlements } from "./entitlements.ts";
import type { Log } from "./log.ts";
import { seedOrganisations } from "./seed.ts";
import type { Settings } from "./settings.ts";
import { explainStart } from "./start-error.ts";
import { createStop } from "./stop.ts";

export interface StartOptions extends Settings {
  readonly webFolder: string;
  readonly log: Log;
}

export interface RunningDemo {
  /** For a browser on this machine. */
  readonly url: string;
  /** Takes no new requests, lets those under way finish, then closes the database. */
  stop(): Promise<void>;
}

/** Opens the database, brings it up to date and listens. Throws a `StartError` for whatever a person can mend. */
export async function startDemo(options: StartOptions): Promise<RunningDemo> {
  const { host, port, databaseFile, webFolder, log } = options;
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.reverse()) await closeOne();
  };
  try {
    const connection = openDatabase(databaseFile);
    opened.push(() => connection.close());
    const adapter = sqliteAdapter(fromLibsql(() => connect(databaseFile)));
    opened.push(() => adapter.close());
    const entitlements = createDemoEntitlements(adapter, log);
    await entitlements.migrate();
    await seedOrganisations(connection, entitlements);

    const app = createApp({ connection, entitlements, webFolder, log });
    const server = createServer(getRequestListener(app.fetch));
    const stopServer = createStop(server);
    await listen(server, port, host);
    opened.push(stopServer);
    return { url: urlOf(server), stop: close };
  } catch (error) {
    await close();
    throw explainStart(error, options);
  }
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
