import { firstLock } from "./fixtures/cases/first-lock.ts";
import { runCases } from "./fixtures/run-cases.ts";

runCases("before anything is stored of an organisation", firstLock);
