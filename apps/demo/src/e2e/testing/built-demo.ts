import type { TestDatabase } from "../../server/testing/databases.ts";
import { started } from "../../server/testing/demo-process.ts";

/** The built demo in a process of its own, on a database of this test. */
export async function builtDemo(
  create: () => Promise<TestDatabase>,
): Promise<{ readonly url: string; readonly database: TestDatabase }> {
  const database = await create();
  const { url } = await started(database.environment);
  return { url, database };
}
