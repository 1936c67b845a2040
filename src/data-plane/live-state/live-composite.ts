// One service over services while the gateway runs: whose turn it is. It outlives every snapshot, and all workers share it.
import { addToCell } from '../../lib/shared-cells.ts';
import { type Cell, type CellDirectory, privateCell } from './cell-directory.ts';
import { createMirrorRoom, type MirrorRoom } from './mirror-room.ts';

/** Whose turn it is among the members of a service, by their names as written (rules/balancing). */
export type LiveComposite = {
  /** Clock of the round robin. */
  clock: number;
  /** Where the turns of a member are kept; the same object for as long as the service has that member. */
  turnOf(member: string): Turn;
  /** Counts a request of all workers; gives which one it is, from 1. */
  count(): number;
  /** For the copies of its requests. */
  readonly room: MirrorRoom;
};

/** When a member is due. */
export type Turn = { turn: number };

/** Before its first turn. */
const unpickedTurn = -1;

/** A service without members; its clock is in the cell. */
export class SharedComposite implements LiveComposite {
  readonly #cell: Cell;
  readonly room = createMirrorRoom();
  #turns: ReadonlyMap<string, Turn> = new Map();

  constructor(cell: Cell = privateCell(0)) {
    this.#cell = cell;
  }

  get clock(): number {
    return this.#cell.cells.marks[this.#cell.at] ?? 0;
  }

  set clock(turn: number) {
    this.#cell.cells.marks[this.#cell.at] = turn;
  }

  /** Takes these members from now on; those that it has had keep their turns. */
  update(members: readonly string[], cellOf: (member: string) => ReturnType<CellDirectory['find']>): void {
    this.#turns = new Map(
      members.map((name) => [name, this.#turns.get(name) ?? new SharedTurn(cellOf(name))]),
    );
  }

  count(): number {
    const { cells, at, writer } = this.#cell;
    // It goes round after two thousand million; a share is a matter of 100 requests.
    return addToCell(cells, at, writer, 1) >>> 0;
  }

  turnOf(member: string): Turn {
    const turn = this.#turns.get(member);
    if (turn === undefined) throw new Error('A service was compiled before the live state has followed it.');
    return turn;
  }
}

class SharedTurn implements Turn {
  readonly #cell: Cell;

  constructor(cell: Cell = privateCell(unpickedTurn)) {
    this.#cell = cell;
  }

  get turn(): number {
    return this.#cell.cells.marks[this.#cell.at] ?? unpickedTurn;
  }

  set turn(turn: number) {
    this.#cell.cells.marks[this.#cell.at] = turn;
  }
}
