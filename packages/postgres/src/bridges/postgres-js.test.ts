import { testAdapter } from "@x/entitlements-core/testing";
import { underTest } from "../fixtures/host.ts";
import { onPostgresJs } from "../fixtures/postgres-js.ts";

testAdapter(underTest(onPostgresJs));
