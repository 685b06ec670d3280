import { PGlite } from "@electric-sql/pglite";
import { testAdapter } from "@x/entitlements-core/testing";
import { testBridge } from "../fixtures/bridge-cases.ts";
import { underTest } from "../fixtures/host.ts";
import { onPglite } from "../fixtures/pglite.ts";

const driver = onPglite(await PGlite.create());
testAdapter(underTest(driver));
testBridge(driver);
