/** A row in a layer; undefined marks one that was deleted there. */
type Row = { readonly value: unknown } | undefined;

/** Rows by table and key: the committed ones at the bottom, uncommitted changes in layers above. */
export class MemoryLayer {
  readonly #below: MemoryLayer | undefined;
  readonly #tables: Map<string, Map<string, Row>> = new Map();

  constructor(below?: MemoryLayer) {
    this.#below = below;
  }

  get(table: string, key: string): unknown {
    for (const layer of this.#downwards()) {
      const rows = layer.#tables.get(table);
      if (rows?.has(key)) return rows.get(key)?.value;
    }
    return undefined;
  }

  put(table: string, key: string, row: Row): void {
    const rows = this.#tables.get(table) ?? new Map<string, Row>();
    this.#tables.set(table, rows);
    if (row === undefined && this.#below === undefined) rows.delete(key);
    else rows.set(key, row);
  }

  entries(table: string): Map<string, unknown> {
    const found = new Map<string, unknown>();
    for (const layer of [...this.#downwards()].reverse()) {
      for (const [key, row] of layer.#tables.get(table) ?? []) {
        if (row === undefined) found.delete(key);
        else found.set(key, row.value);
      }
    }
    return found;
  }

  /** Hands every change to the layer below and returns that one; the bottom returns itself. */
  merge(): MemoryLayer {
    if (this.#below === undefined) return this;
    for (const [table, rows] of this.#tables) for (const [key, row] of rows) this.#below.put(table, key, row);
    return this.#below;
  }

  // A loop and no recursion: while readers overlap, thousands of layers can pile up.
  *#downwards(): Generator<MemoryLayer> {
    for (let layer: MemoryLayer | undefined = this; layer !== undefined; layer = layer.#below) yield layer;
  }
}

/** The committed state. Readers keep the state they began with; there is one writer at a time. */
export class MemoryStore {
  #committed = new MemoryLayer();
  /** Whether a reader stands on the topmost layer, so that it must not change any more. */
  #shared = false;
  #readers = 0;

  /** An empty layer over the committed rows, for the one writer. */
  begin(): MemoryLayer {
    return new MemoryLayer(this.#committed);
  }

  commit(layer: MemoryLayer): void {
    this.#committed = this.#shared ? layer : layer.merge();
    this.#shared = false;
    if (this.#readers > 0) return;
    for (let below = this.#committed.merge(); below !== this.#committed; below = below.merge()) this.#committed = below;
  }

  /** Lends the committed rows as they are now. */
  async read<T>(work: (layer: MemoryLayer) => Promise<T>): Promise<T> {
    this.#readers += 1;
    this.#shared = true;
    try {
      return await work(this.begin());
    } finally {
      this.#readers -= 1;
    }
  }
}
