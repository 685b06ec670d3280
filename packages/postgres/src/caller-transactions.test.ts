import { callerTransactions } from "./fixtures/cases/caller-transactions.ts";
import { runCases } from "./fixtures/run-cases.ts";

runCases("in the caller's transaction", callerTransactions, () => ({ settings: { lockTimeoutMs: 2_000 } }));
