// The network between the benchmark and the server, in a process of its own: it waits for fractions of a millisecond, and
// that must cost neither the benchmark's time nor all of a processor that the server needs.
import { startProxy } from "@x/entitlements-test-servers";

const [, , port = ""] = process.argv;
const proxy = await startProxy(Number(port));
process.on("message", (delayMs) => {
  proxy.setDelay(Number(delayMs));
  process.send?.("set");
});
process.on("disconnect", () => process.exit());
process.send?.(proxy.port);

/** The proxy waits turn by turn of the event loop; each turn sleeps as briefly as the system can. */
const nothing = new Int32Array(new SharedArrayBuffer(4));
const turn = (): void => {
  Atomics.wait(nothing, 0, 0, 0.05);
  setImmediate(turn);
};
turn();
