import type { Adapter } from "../../adapter.ts";
import { createEntitlements, type Entitlements } from "../../entitlements.ts";
import type { ResourceType } from "../../resource-type.ts";
import { counter, feature, type Resource } from "../../resources.ts";
import type { AdapterUnderTest, Harness, HostKind, PeopleHost } from "../harness.ts";
import { IDEMPOTENCY_TTL } from "./organisation.ts";

/** A storage that histories are played on, and two instances of the SDK that know nothing of each other. */
export interface ModelWorld<Tx> {
  readonly host: Harness<Tx>["host"];
  readonly people: PeopleHost<Tx> | undefined;
  readonly instances: readonly [Entitlements<Tx, ResourceType>, Entitlements<Tx, ResourceType>];
  /** What the clock of both has shown so far, in seconds. */
  readonly shown: number[];
  close(): Promise<void>;
}

const START = Date.parse("2030-01-01T00:00:00Z");

/** The moment that a number of seconds stands for. */
export function moment(seconds: number): Date {
  return new Date(START + seconds * 1_000);
}

/** The seconds that stand for a moment. */
export function seconds(moment: string): number {
  return (Date.parse(moment) - START) / 1_000;
}

export async function openWorld<Tx>(adapter: AdapterUnderTest<Tx>, kind: HostKind): Promise<ModelWorld<Tx>> {
  const item = adapter.kinds[kind];
  if (item === undefined) throw new Error(`There is no definition of ${kind} to count the host's things with.`);
  const harness = await adapter.setup();
  const resources: Record<ResourceType, Resource<Tx>> = {
    "quota:item": item,
    "quota:credit": counter({ label: "Credits" }),
    "quota:token": counter({ label: "Tokens" }),
    "feature:switch": feature({ label: "Switch" }),
    ...(adapter.people && { "seat:person": adapter.people }),
  };
  const shown = [0];
  const clock = (): Date => moment(shown.at(-1) ?? 0);
  const start = (storage: Adapter<Tx>): Entitlements<Tx, ResourceType> =>
    createEntitlements({
      adapter: storage,
      resources,
      clock,
      idempotencyTtlMs: IDEMPOTENCY_TTL * 1_000,
      lockTimeoutMs: 15_000,
      transactionTimeoutMs: 10_000,
    });
  const other = harness.connect();
  const instances = [start(harness.adapter), start(other)] as const;
  await instances[0].migrate();
  return {
    host: harness.host,
    people: adapter.people && harness.people,
    instances,
    shown,
    async close() {
      await harness.adapter.close();
      await other.close();
      await harness.teardown();
    },
  };
}
