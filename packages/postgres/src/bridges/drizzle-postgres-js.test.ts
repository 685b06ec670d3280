import { testAdapter } from "@x/entitlements-core/testing";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { onDrizzlePostgresJs } from "../fixtures/drizzle.ts";
import { underTest } from "../fixtures/host.ts";

testAdapter(underTest(onDrizzlePostgresJs));
testBridge(onDrizzlePostgresJs);
