import { testAdapter } from "@x/entitlements-core/testing";
import { underTest } from "./fixtures/host.ts";
import { libsql } from "./fixtures/libsql.ts";
import { testMisuse } from "./fixtures/misuse.ts";

testAdapter(underTest(libsql));
testMisuse(libsql);
