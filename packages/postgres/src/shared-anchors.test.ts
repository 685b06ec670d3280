import { bothGuessedWrong, sharedAnchors, startsAgain } from "./fixtures/cases/shared-anchors.ts";
import { barrier } from "./fixtures/doors.ts";
import { runCases } from "./fixtures/run-cases.ts";

runCases("unlimited organisations", sharedAnchors);
runCases("wrong guesses", [bothGuessedWrong], () => {
  const meet = barrier(2);
  return { before: async (statements) => void (startsAgain(statements) && (await meet())) };
});
