import type { MiddlewareHandler } from "hono";
import proxyAddress from "proxy-addr";
import type { DemoEnvironment } from "./environment.ts";

/** Whether an address is that of a proxy in front of the demo, whose word is taken for who asks. */
export type TrustProxy = (address: string, hop: number) => boolean;

/** Finds out who asks and how they reach the demo. Without a trusted proxy only the connection tells. */
export function readClient(trustProxy: TrustProxy): MiddlewareHandler<DemoEnvironment> {
  return async (c, next) => {
    const { incoming } = c.env;
    const byProxy = trustProxy(incoming.socket.remoteAddress ?? "", 0);
    const url = new URL(c.req.url);
    if (byProxy && c.req.header("X-Forwarded-Proto") === "https") url.protocol = "https:";
    c.set("client", { address: proxyAddress(incoming, trustProxy), origin: url.origin, byProxy });
    await next();
  };
}
