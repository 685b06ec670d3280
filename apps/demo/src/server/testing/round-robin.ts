import { Agent, createServer, request } from "node:http";
import { onTestFinished } from "vitest";

/** A proxy that sends one request after the other to the next server, until the test has ended. Resolves to its address. */
export async function roundRobin(urls: readonly string[]): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url, socket } = incoming;
    const target = new URL(url ?? "/", urls[turn++ % urls.length]);
    // It answers for who has asked it: whatever a client has written there is dropped.
    const forwarded = { ...headers, "x-forwarded-for": socket.remoteAddress };
    const passed = request(target, { agent, method, headers: forwarded }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    agent.destroy();
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy does not listen on a port.");
  return `http://127.0.0.1:${address.port}`;
}
