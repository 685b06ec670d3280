import { testAdapter } from "@x/entitlements-core/testing";
import { onDrizzlePg } from "../fixtures/drizzle.ts";
import { underTest } from "../fixtures/host.ts";

testAdapter(underTest(onDrizzlePg));
