// Which cell of the shared memory belongs to which replica. The control plane hands cells out with the configuration, so
// that all workers agree.
import { createSharedCells, retireWriter, type SharedCells } from '../lib/shared-cells.ts';
import type { CellAssignment, ConfigPatch } from '../model/messages.ts';
import { patchOfCounted } from './patch-of-counted.ts';

/** Replicas and services beyond that are counted by each worker for itself. */
const capacity = 16_384;

/** The cells of all services and replicas. */
export type CellBook = {
  readonly cells: SharedCells;
  /** Cells of what is new in the patch. */
  assign(patch: ConfigPatch): readonly CellAssignment[];
  /** All that are in use, for a worker that knows none. */
  all(): readonly CellAssignment[];
  /** A worker has ended: what it had under way is over. */
  retire(worker: number): void;
};

/** A service's own cell stands under this replica id, which no replica has. */
const serviceItself = '';

/** Without assignments. */
export function createCellBook(workers: number): CellBook {
  const cells = createSharedCells(workers, capacity);
  const services = new Map<string, Map<string, number>>();
  const freed: number[] = [];
  let used = 0;

  function take(mark: number): number | undefined {
    // The one that was given back first: whoever still counts in it is most likely done. If not, it takes back later what it
    // has counted, and the sum is right again.
    const cell = used < capacity ? used++ : freed.shift();
    if (cell !== undefined) cells.marks[cell] = mark;
    return cell;
  }

  return {
    cells,
    assign(patch) {
      const { set, removed } = patchOfCounted(patch);
      const assigned: CellAssignment[] = [];
      for (const name of removed) {
        freed.push(...(services.get(name)?.values() ?? []));
        services.delete(name);
      }
      for (const { name: service, replicas, composite } of set) {
        const known = services.get(service) ?? new Map<string, number>();
        services.set(service, known);
        const members = composite?.members.map(({ written }) => written) ?? [];
        const wanted = new Set([serviceItself, ...replicas.map(({ id }) => id), ...members]);
        for (const [replica, cell] of known) {
          if (wanted.has(replica)) continue;
          known.delete(replica);
          freed.push(cell);
        }
        for (const replica of wanted) {
          if (known.has(replica)) continue;
          // As rules/balancing wants it: the clock of a service, and a replica or member before its first turn.
          const cell = take(replica === serviceItself ? 0 : -1);
          if (cell === undefined) continue;
          known.set(replica, cell);
          assigned.push({ service, replica, cell });
        }
      }
      return assigned;
    },
    all: () =>
      [...services].flatMap(([service, known]) =>
        [...known].map(([replica, cell]) => ({ service, replica, cell })),
      ),
    retire: (worker) => retireWriter(cells, worker),
  };
}
