import { testAdapter } from "@x/entitlements-core/testing";
import { onDrizzlePostgresJs } from "../fixtures/drizzle.ts";
import { underTest } from "../fixtures/host.ts";

testAdapter(underTest(onDrizzlePostgresJs));
