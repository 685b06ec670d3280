import { testAdapter } from "@x/entitlements-core/testing";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPg } from "../fixtures/pg.ts";

testAdapter(underTest(onPg));
testBridge(onPg);
