import { testModel } from "@x/entitlements-core/testing";
import { underTest } from "./fixtures/host.ts";
import { libsql } from "./fixtures/libsql.ts";

testModel({ ...underTest(libsql), histories: 100 });
