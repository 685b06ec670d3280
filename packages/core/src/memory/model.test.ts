import { testModel } from "../testing/index.ts";
import { underTest } from "./fixtures/under-test.ts";

testModel(underTest());
