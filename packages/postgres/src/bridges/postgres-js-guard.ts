/** A statement of postgres.js: it is sent when somebody awaits it. */
export interface Query {
  handler(query: Query): void;
  reject(error: unknown): void;
  then(done: () => void, failed: () => void): unknown;
  /** Whether the server is at it. */
  readonly active: boolean;
  canceller(query: Query): Promise<unknown>;
}

/** What tells whether a transaction may still be used. */
interface Watch {
  isOpen(): boolean;
  mayBeSent(query: Query): boolean;
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * A transaction's `sql` that asks before it sends a statement. postgres.js itself would send it on the connection that the
 * transaction had, which may be in somebody else's hands by then, and where that is closed the process would crash.
 */
export function guarded<Sql extends AnyFunction>(sql: Sql, watch: Watch): Sql {
  const guard = (made: unknown): unknown => {
    if (!isQuery(made)) return made;
    const send = made.handler;
    const handler = (query: Query): void => {
      if (watch.mayBeSent(query)) send(query);
      else query.reject(over());
    };
    made.handler = Object.assign(handler, send);
    return made;
  };
  return new Proxy(sql, {
    apply: (target, _self, args) => guard(Reflect.apply(target, undefined, args)),
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== "function") return found;
      if (name === "unsafe" || name === "file")
        return (...args: unknown[]) => guard(Reflect.apply(found, target, args));
      if (name === "savepoint")
        return (...args: unknown[]) =>
          savepoint((guardedArgs) => Reflect.apply(found, target, guardedArgs), args, watch);
      return found;
    },
  });
}

/** A savepoint of postgres.js, which hands on a `sql` of its own and sends what begins and ends it past ours. */
function savepoint(make: (args: unknown[]) => unknown, args: readonly unknown[], watch: Watch): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!watch.isOpen()) throw over();
    const guardedWork =
      (work: unknown) =>
      async (sql: AnyFunction): Promise<unknown> => {
        try {
          const made: unknown = Reflect.apply(Object(work), undefined, [guarded(sql, watch)]);
          const value: unknown = await (Array.isArray(made) ? Promise.all(made) : made);
          if (watch.isOpen()) return value;
          resolve(value);
        } catch (error) {
          if (watch.isOpen()) throw error;
          reject(error);
        }
        // Told of an end, postgres.js would roll back to the savepoint where somebody else is by now.
        return new Promise(() => {});
      };
    Promise.resolve(make(args.map((arg) => (typeof arg === "function" ? guardedWork(arg) : arg)))).then(
      resolve,
      reject,
    );
  });
}

function over(): Error {
  return new Error("The transaction is over: nothing more is sent in it.");
}

function isQuery(made: unknown): made is Query {
  return typeof Reflect.get(Object(made), "handler") === "function";
}
