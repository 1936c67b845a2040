// Where this worker counts: the cells that the control plane has assigned, shared by all workers, or cells of its own.
import { createSharedCells, type SharedCells } from '../../lib/shared-cells.ts';
import type { CellAssignment } from '../../model/messages.ts';

/** One cell and the worker as its writer. */
export type Cell = { readonly cells: SharedCells; readonly at: number; readonly writer: number };

/** Cells by service and replica. */
export type CellDirectory = {
  assign(assignments: readonly CellAssignment[]): void;
  /** The cell of a replica, or of the service itself if the id is empty; undefined if there is none. */
  find(service: string, replica: string): Cell | undefined;
  forget(service: string): void;
};

/** A cell that nobody else sees, with this mark. */
export function privateCell(mark: number): Cell {
  const cells = createSharedCells(1, 1);
  cells.marks[0] = mark;
  return { cells, at: 0, writer: 0 };
}

/** `cells` absent: nothing is shared. */
export function createCellDirectory(cells: SharedCells | undefined, writer: number): CellDirectory {
  const services = new Map<string, Map<string, Cell>>();
  return {
    assign(assignments) {
      if (cells === undefined) return;
      for (const { service, replica, cell } of assignments) {
        const known = services.get(service) ?? new Map<string, Cell>();
        services.set(service, known.set(replica, { cells, at: cell, writer }));
      }
    },
    find: (service, replica) => services.get(service)?.get(replica),
    forget: (service) => void services.delete(service),
  };
}
