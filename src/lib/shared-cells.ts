// Counts that several threads keep together: each cell has a total, the share of each writer in it, and a mark. A writer that
// has died can be taken out of all totals, because its shares stand apart. Memory is shared, nothing is locked.

/** Cells in shared memory; it may be cloned to other threads. */
export type SharedCells = {
  readonly totals: Int32Array;
  /** Of each writer in a row of its own, as long as `totals`; only the writer itself writes it while it lives. */
  readonly shares: Int32Array;
  readonly marks: Float64Array;
};

/** All at 0. Pages that are never used cost no memory. */
export function createSharedCells(writers: number, count: number): SharedCells {
  const bytes = new SharedArrayBuffer(count * (8 + 4 + 4 * writers));
  return {
    marks: new Float64Array(bytes, 0, count),
    totals: new Int32Array(bytes, count * 8, count),
    shares: new Int32Array(bytes, count * 12, count * writers),
  };
}

/** Counts for a writer, and gives the new total. */
export function addToCell(cells: SharedCells, cell: number, writer: number, amount: number): number {
  const at = writer * cells.totals.length + cell;
  cells.shares[at] = (cells.shares[at] ?? 0) + amount;
  return Atomics.add(cells.totals, cell, amount) + amount;
}

/** Takes everything back that a writer has counted. It must have ended. */
export function retireWriter({ totals, shares }: SharedCells, writer: number): void {
  const first = writer * totals.length;
  for (let cell = 0; cell < totals.length; cell += 1) {
    const share = shares[first + cell] ?? 0;
    if (share === 0) continue;
    Atomics.sub(totals, cell, share);
    shares[first + cell] = 0;
  }
}
