import { testAdapter } from "@x/entitlements-core/testing";
import { underTest } from "../fixtures/host.ts";
import { onKysely } from "../fixtures/kysely.ts";

testAdapter(underTest(onKysely));
