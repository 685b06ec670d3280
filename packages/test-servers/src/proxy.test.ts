import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { type ProxyOptions, startProxy } from "./proxy.ts";

/** A server that says everything back, and a proxy in front of it. */
async function startEcho(options?: ProxyOptions) {
  const heard: Socket[] = [];
  const server = createServer((socket) => {
    heard.push(socket);
    socket.on("error", () => {}).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = Object(server.address());
  const proxy = await startProxy(port, options);
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  const open = async (): Promise<Socket> => {
    const socket = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true }).on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return { proxy, open, heard };
}

/** Resolves when the socket is closed, also by a reset, which `once` would take for a failure. */
function closed(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => socket?.once("close", () => resolve()));
}

async function ask(socket: Socket, text: string): Promise<{ answer: string; ms: number }> {
  const began = performance.now();
  socket.write(text);
  const [answer] = await once(socket, "data");
  return { answer: String(answer), ms: performance.now() - began };
}

test("a round trip takes twice the delay, and a changed delay holds from then on", async () => {
  const { proxy, open } = await startEcho({ delayMs: 150 });
  const socket = await open();
  const slow = await ask(socket, "one");
  expect(slow.answer).toBe("one");
  expect(slow.ms).toBeGreaterThanOrEqual(300);
  proxy.setDelay(0);
  const fast = await Promise.all([1, 2, 3, 4, 5].map(async () => ask(await open(), "two")));
  expect(Math.min(...fast.map(({ ms }) => ms))).toBeLessThan(150);
});

// Fails when a lane sends one piece after the other, or sorts them by what is left of their delay.
test("a delay neither throttles nor reorders: everything that is sent is under way at once", async () => {
  const { proxy, open } = await startEcho({ delayMs: 30 });
  const socket = await open();
  const sent = randomBytes(4_000_000);
  const answer = buffer(socket);
  let passed = 0;
  // A shorter delay in the middle must not let the later half overtake.
  proxy.onData((direction, bytes) => {
    if (direction === "up") passed += bytes.length;
    if (passed > sent.length / 2) proxy.setDelay(1);
    return "pass";
  });
  const began = performance.now();
  for (let from = 0; from < sent.length; from += 10_000) socket.write(sent.subarray(from, from + 10_000));
  socket.end();
  expect((await answer).equals(sent)).toBe(true);
  // 400 pieces, one after the other, would take 12 s.
  expect(performance.now() - began).toBeLessThan(6_000);
});

test("a cut resets what is open and what comes, until it is healed", async () => {
  const { proxy, open, heard } = await startEcho();
  const socket = await open();
  await ask(socket, "hello");
  const gone = Promise.all([closed(socket), closed(heard[0])]);
  proxy.cut();
  await gone;
  // It may be reset before we hear that it was connected.
  await closed(connect(proxy.port, "127.0.0.1").on("error", () => {}));
  proxy.heal();
  expect((await ask(await open(), "again")).answer).toBe("again");
});

test("a stall answers nothing and says no goodbye; healing resets what lost something", async () => {
  const { proxy, open, heard } = await startEcho();
  const leaving = await open();
  await ask(leaving, "hello");
  const staying = await open();
  await ask(staying, "hello");
  proxy.stall();
  let answered = 0;
  staying.on("data", () => answered++);
  staying.write("lost");
  leaving.destroy();
  // A connection opened after the loss is the clock: once it is accepted, the proxy has seen what was sent before.
  await open();
  await expect.poll(() => heard.length).toBe(3);
  expect(heard.map((socket) => socket.destroyed)).toEqual([false, false, false]);
  expect([answered, staying.destroyed]).toEqual([0, false]);

  const reset = closed(staying);
  proxy.heal();
  await reset;
  expect((await ask(await open(), "again")).answer).toBe("again");
});

test("a hook's own bytes are passed in the place of what came", async () => {
  const { proxy, open } = await startEcho();
  proxy.onData((direction, bytes) =>
    direction === "down" ? Buffer.concat([bytes, Buffer.from(" and more")]) : "pass",
  );
  expect((await ask(await open(), "hello")).answer).toBe("hello and more");
});

test("a hook drops or cuts exactly what it names", async () => {
  const { proxy, open } = await startEcho();
  const dropped = new Promise<void>((resolve) => {
    proxy.onData((direction, bytes) => {
      if (direction === "down") return bytes.toString() === "cut" ? "cut" : "pass";
      if (bytes.toString() !== "drop") return "pass";
      resolve();
      return "drop";
    });
  });
  const socket = await open();
  expect((await ask(socket, "pass")).answer).toBe("pass");
  const answers: string[] = [];
  socket.on("data", (bytes) => answers.push(String(bytes)));
  const gone = closed(socket);
  socket.write("drop");
  await dropped;
  // Its echo is what is cut: had "drop" been passed, its own would have come before.
  socket.write("cut");
  await gone;
  expect(answers).toEqual([]);
});

test("a connection string leads through the proxy", async () => {
  const { proxy } = await startEcho();
  expect(proxy.url("postgres://me:secret@localhost:5432/app?sslmode=disable")).toBe(
    `postgres://me:secret@127.0.0.1:${proxy.port}/app?sslmode=disable`,
  );
});
