import { ConfigurationError } from "@x/entitlements-core/errors";
import type { Answer, PostgresRow } from "../bridge.ts";
import { returnsRows } from "./returns-rows.ts";

/** Whatever runs statements in Kysely. */
export interface KyselyRunner {
  executeQuery(query: KyselyQuery): Promise<{ readonly rows: readonly unknown[] }>;
  getExecutor(): { provideConnection(work: () => Promise<void>): Promise<void> };
}

/** Kysely's `CompiledQuery` of a statement that is written out. */
interface KyselyQuery {
  readonly sql: string;
  readonly parameters: readonly [];
  readonly query: {
    readonly kind: "RawNode";
    readonly sqlFragments: readonly string[];
    readonly parameters: readonly [];
  };
  readonly queryId: { readonly queryId: string };
}

/** Runs statements; those whose rows nobody reads together, because Kysely drops the rows of several in one message. */
export async function runStatements(on: KyselyRunner, statements: readonly string[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const message of messages(statements)) {
    const { rows } = await send(on, message.join(";\n"));
    answers.push(...message.map(() => ({ rows: rows.filter(isRow), command: null })));
  }
  return answers;
}

function messages(statements: readonly string[]): readonly (readonly string[])[] {
  const cut: string[][] = [];
  let alone = true;
  for (const statement of statements) {
    const hasRows = returnsRows(statement);
    if (alone || hasRows) cut.push([statement]);
    else cut.at(-1)?.push(statement);
    alone = hasRows;
  }
  return cut;
}

/** Sends one message. */
export async function send(on: KyselyRunner, sql: string): ReturnType<KyselyRunner["executeQuery"]> {
  const query = { kind: "RawNode", sqlFragments: [sql], parameters: [] } as const;
  try {
    return await on.executeQuery({ sql, parameters: [], query, queryId: { queryId: "entitlements" } });
  } catch (error) {
    throw explained(error);
  }
}

const MISUSE: readonly (readonly [says: RegExp, what: string])[] = [
  [/^Transaction is already (committed|rolled back)$/, "`tx` is over. Call the SDK before your function returns."],
  [
    /^driver has already been destroyed$|^Cannot use a pool after calling end on the pool$/,
    "The instance of Kysely has been destroyed, or its pool ended. Give the adapter one that is open.",
  ],
];

/** Kysely says what it was used wrongly for in words alone. */
export function explained(error: unknown): unknown {
  const message = error instanceof Error ? error.message : "";
  const what = MISUSE.find(([says]) => says.test(message))?.[1];
  return what === undefined ? error : new ConfigurationError(what, { cause: error });
}

function isRow(row: unknown): row is PostgresRow {
  return typeof row === "object" && row !== null;
}
