import type { HttpBindings } from "@hono/node-server";
import type { Organisation } from "./organisations.ts";

/** What the routes of an organisation find in their context. */
export interface DemoEnvironment {
  Bindings: HttpBindings;
  Variables: { organisation: Organisation };
}
