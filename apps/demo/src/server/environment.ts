import type { HttpBindings } from "@hono/node-server";
import type { Organisation } from "./organisations.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Where a request comes from. */
interface Client {
  readonly address: string;
  /** Of the page, as its browser sees it. */
  readonly origin: string;
  /** Whether a trusted proxy has passed it on. */
  readonly byProxy: boolean;
}

/** What the routes find in their context. */
export interface DemoEnvironment {
  Bindings: HttpBindings;
  Variables: {
    client: Client;
    /** Where a session is required. */
    user: User;
    /** Where a membership is required. */
    organisation: Organisation;
    /** Whether the user is an owner or admin there. */
    manages: boolean;
  };
}
