import { testAdapter } from "@x/entitlements-core/testing";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPostgresJs } from "../fixtures/postgres-js.ts";

testAdapter(underTest(onPostgresJs));
testBridge(onPostgresJs);
