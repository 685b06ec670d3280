import { ConfigurationError } from "../errors.ts";
import { MemoryLayer } from "./layer.ts";

/**
 * A transaction of the memory adapter: rows in named tables, undone when the transaction fails. Values are copied in and
 * out, so changing one that was read changes nothing until it is set again. Once it has ended every method throws a
 * `ConfigurationError`.
 */
export interface MemoryTransaction {
  /** The value, or undefined where there is none. */
  get(table: string, key: string): unknown;
  set(table: string, key: string, value: unknown): void;
  delete(table: string, key: string): void;
  /** Every key and value of a table. */
  entries(table: string): Map<string, unknown>;
}

/** The transaction's own layer and those of its savepoints. */
export class LayeredTransaction implements MemoryTransaction {
  /** None once the transaction has ended. */
  readonly #layers: MemoryLayer[];

  constructor(layer: MemoryLayer) {
    this.#layers = [layer];
  }

  get(table: string, key: string): unknown {
    return structuredClone(this.layer.get(table, key));
  }

  set(table: string, key: string, value: unknown): void {
    this.layer.put(table, key, { value: structuredClone(value) });
  }

  delete(table: string, key: string): void {
    this.layer.put(table, key, undefined);
  }

  entries(table: string): Map<string, unknown> {
    return structuredClone(this.layer.entries(table));
  }

  /** Where the rows stand, past the copying. */
  get layer(): MemoryLayer {
    const top = this.#layers.at(-1);
    if (top !== undefined) return top;
    throw new ConfigurationError(
      "This memory transaction has ended. Use `tx` only inside the function it was given to, and await what that does.",
    );
  }

  /** Puts a layer on top, a savepoint. */
  nest(): MemoryLayer {
    const layer = new MemoryLayer(this.layer);
    this.#layers.push(layer);
    return layer;
  }

  /** Takes a savepoint off and what still stands on it; nothing where it is gone already. */
  unnest(layer: MemoryLayer): void {
    const at = this.#layers.indexOf(layer);
    if (at > 0) this.#layers.length = at;
  }

  end(): void {
    this.#layers.length = 0;
  }
}
