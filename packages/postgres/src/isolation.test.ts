import { defaults, isolation } from "./fixtures/cases/isolation.ts";
import { runCases } from "./fixtures/run-cases.ts";

runCases("callers at higher isolation levels", isolation);
runCases("a server with other defaults", defaults, () => ({
  pool: { options: "-c default_transaction_isolation=serializable -c default_transaction_read_only=on" },
}));
