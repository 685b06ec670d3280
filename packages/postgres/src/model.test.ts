import { testModel } from "@x/entitlements-core/testing";
import { underTest } from "./fixtures/host.ts";
import { onPg } from "./fixtures/pg.ts";

testModel({ ...underTest(onPg), locks: "each", histories: 40, atOnce: 4 });
