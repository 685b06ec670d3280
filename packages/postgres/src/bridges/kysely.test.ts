import { testAdapter } from "@x/entitlements-core/testing";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onKysely } from "../fixtures/kysely.ts";

testAdapter(underTest(onKysely));
testBridge(onKysely);
