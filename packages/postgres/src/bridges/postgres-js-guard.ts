/** A statement of postgres.js: it is sent when somebody awaits it. */
export interface Query {
  handler(query: Query): void;
  reject(error: unknown): void;
  then(done: () => void, failed: () => void): unknown;
  /** Whether the server is at it. */
  readonly active: boolean;
  canceller(query: Query): Promise<unknown>;
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * A transaction's `sql` that asks before it sends a statement. postgres.js itself would send it on the connection that the
 * transaction had, which may be in somebody else's hands by then, and where that is closed the process would crash.
 */
export function guarded<Sql extends AnyFunction>(sql: Sql, mayBeSent: (query: Query) => boolean): Sql {
  const guard = (made: unknown): unknown => {
    if (!isQuery(made)) return made;
    const send = made.handler;
    const handler = (query: Query): void => {
      if (mayBeSent(query)) send(query);
      else query.reject(new Error("The transaction is over: nothing more is sent in it."));
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
      // A savepoint of postgres.js hands on a `sql` of its own.
      if (name === "savepoint")
        return (...args: unknown[]) =>
          Reflect.apply(
            found,
            target,
            args.map((arg) => guardedWork(arg, mayBeSent)),
          );
      return found;
    },
  });
}

function guardedWork(work: unknown, mayBeSent: (query: Query) => boolean): unknown {
  if (typeof work !== "function") return work;
  return (sql: AnyFunction): unknown => Reflect.apply(work, undefined, [guarded(sql, mayBeSent)]);
}

function isQuery(made: unknown): made is Query {
  return typeof Reflect.get(Object(made), "handler") === "function";
}
