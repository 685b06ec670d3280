import { testModel } from "@x/entitlements-core/testing";
import { underTest } from "./fixtures/libsql-under-test.ts";

testModel({ ...underTest(), histories: 4_000 });
