// The network between the benchmark and the server, in a process of its own: it waits for fractions of a millisecond, and
// that must not cost the benchmark's own time.
import { startProxy } from "@x/entitlements-test-servers";

const [, , port = "", delayMs = ""] = process.argv;
const proxy = await startProxy(Number(port), { delayMs: Number(delayMs) });
process.on("disconnect", () => process.exit());
process.send?.(proxy.port);
