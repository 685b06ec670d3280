import { testAdapter } from "@x/entitlements-core/testing";
import { underTest } from "../fixtures/host.ts";
import { onPg } from "../fixtures/pg.ts";

testAdapter(underTest(onPg));
