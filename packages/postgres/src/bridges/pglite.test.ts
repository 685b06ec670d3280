import { PGlite } from "@electric-sql/pglite";
import { testAdapter } from "@x/entitlements-core/testing";
import { underTest } from "../fixtures/host.ts";
import { onPglite } from "../fixtures/pglite.ts";

testAdapter(underTest(onPglite(await PGlite.create())));
