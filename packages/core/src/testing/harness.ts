import type { Adapter } from "../adapter.ts";
import { createEntitlements, type Entitlements } from "../entitlements.ts";
import type { Settings } from "../instance.ts";
import { type CountedResource, counter, feature, type RowsResource } from "../resources.ts";

/** What an adapter is tested with: a fresh storage, and a host with one table of things. Made anew for each case. */
export interface Harness<Tx> {
  readonly adapter: Adapter<Tx>;
  /** A further adapter on the same storage, as another process would have. */
  connect(): Adapter<Tx>;
  /** How many connections the adapter has opened or taken from a pool so far. Left out only where a storage has none, as in memory. */
  connections?(): number;
  readonly host: {
    /** Adds one thing of the organisation, in the given transaction. */
    insert(tx: Tx, orgId: string): Promise<void> | void;
    /** Takes one thing of the organisation away, in the given transaction. */
    remove(tx: Tx, orgId: string): Promise<void> | void;
    /** The things of the organisation that are committed, read past the SDK. */
    count(orgId: string): Promise<number> | number;
    /** A transaction of the host's own that `tx` may join: committed when `work` resolves, rolled back when it rejects. */
    transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  };
  /** The host's people, where `AdapterUnderTest.people` says how they are counted. */
  readonly people?: PeopleHost<Tx> | undefined;
  /** Removes the storage. The adapters are closed by then. */
  teardown(): Promise<void> | void;
}

/** A table of members and one of invitations. Nothing but the names tells that a member had been invited. */
export interface PeopleHost<Tx> {
  join(tx: Tx, orgId: string, name: string): Promise<void> | void;
  invite(tx: Tx, orgId: string, name: string): Promise<void> | void;
  /** Takes the invitation away. */
  uninvite(tx: Tx, orgId: string, name: string): Promise<void> | void;
  /** How many members are committed, read past the SDK. */
  members(orgId: string): Promise<number> | number;
}

/** The adapter to be proven. */
export interface AdapterUnderTest<Tx> {
  /** How the host's things are counted, by each kind that the adapter can count them with; the suite runs once for each. */
  readonly kinds: { readonly rows?: RowsResource; readonly counted?: CountedResource<Tx> };
  /**
   * How the host's people are counted, by `rows` whose key is `member:` or `invitation:` and the name, invitations being
   * `pending`. Left out where an adapter has no `rows`.
   */
  readonly people?: RowsResource;
  /** "one" where the whole storage has one connection, as an embedded one may: what wants two at once is skipped and says so. */
  readonly connections?: "one";
  /** Makes a fresh, empty storage and connects to it. Called for each case. */
  setup(): Promise<Harness<Tx>> | Harness<Tx>;
  /** Takes the SDK's tables away, so that its statements fail. Left out where a storage cannot fail, as in memory. */
  breakStorage?(tx: Tx): Promise<void> | void;
}

/** How the host's things are counted in one run of the suite. */
export type HostKind = keyof AdapterUnderTest<never>["kinds"];

/** The resource types of the suite: the host's things, two counters, and a switch. */
export type SuiteType = "quota:item" | "quota:credit" | "quota:token" | "feature:switch";

/** One organisation in a fresh storage, with two instances of the SDK that know nothing of each other. */
export interface World<Tx> {
  readonly orgId: string;
  readonly host: Harness<Tx>["host"];
  readonly one: Entitlements<Tx, SuiteType>;
  readonly two: Entitlements<Tx, SuiteType>;
  /** `one` or `two` by turns, so that callers race within a process and between processes. */
  either(index: number): Entitlements<Tx, SuiteType>;
  /** A further instance on the storage of `one`, with other settings. */
  with(settings: Settings): Entitlements<Tx, SuiteType>;
  breakStorage(): Promise<void>;
  /** The host's people, with two instances that count them as `seat:person`; undefined where the adapter cannot. */
  readonly people: (PeopleHost<Tx> & Record<"one" | "two", Entitlements<Tx, "seat:person">>) | undefined;
  /** How many connections the adapter of `one` has opened or taken so far; 0 where it has none. */
  connections(): number;
}

/** One rule of the contract as a runnable proof. */
export interface Case {
  /** What a user would say, after the rule it proves (L… of ARCHITECTURE.md). */
  readonly name: string;
  /** Somebody goes on while somebody else has a transaction open. */
  readonly needs?: "two connections";
  run<Tx>(world: World<Tx>): Promise<void>;
}

/** Runs one case on a fresh storage; rejects where the adapter breaks the rule. */
export async function runCase<Tx>(adapter: AdapterUnderTest<Tx>, kind: HostKind, { run }: Case): Promise<void> {
  const item = adapter.kinds[kind];
  if (item === undefined) throw new Error(`There is no definition of ${kind} to count the host's things with.`);
  const harness = await adapter.setup();
  const resources = {
    "quota:item": item,
    "quota:credit": counter({ label: "Credits" }),
    "quota:token": counter({ label: "Tokens" }),
    "feature:switch": feature({ label: "Switch" }),
  };
  const start = (adapter: Adapter<Tx>, settings: Settings = {}): Entitlements<Tx, SuiteType> =>
    createEntitlements({ adapter, resources, lockTimeoutMs: 15_000, transactionTimeoutMs: 3_000, ...settings });
  const other = harness.connect();
  const one = start(harness.adapter);
  const two = start(other);
  try {
    await one.migrate();
    const { people } = adapter;
    const counting = (storage: Adapter<Tx>): Entitlements<Tx, "seat:person"> | undefined =>
      people && createEntitlements({ adapter: storage, resources: { "seat:person": people } });
    const [first, second] = [counting(harness.adapter), counting(other)];
    await run({
      orgId: "org_1",
      people: harness.people && first && second && { ...harness.people, one: first, two: second },
      host: harness.host,
      one,
      two,
      either: (index) => (index % 2 === 0 ? one : two),
      with: (settings) => start(harness.adapter, settings),
      connections: () => harness.connections?.() ?? 0,
      breakStorage: async () => {
        await harness.host.transaction(async (tx) => adapter.breakStorage?.(tx));
      },
    });
  } finally {
    await harness.adapter.close();
    await other.close();
    await harness.teardown();
  }
}
