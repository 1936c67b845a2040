// A request's place on a replica. It ends when the upstream is done, not when the client leaves.
import { addToCell } from '../../lib/shared-cells.ts';
import type { LiveReplica } from './live-replica.ts';
import type { LoadReporter } from './load-reporter.ts';

/** A request’s place on a replica; `open` until its upstream is done. */
export type Lease = { readonly replica: LiveReplica; open: boolean };

/** Counts a request on a replica until `endLease`. */
export function beginLease(replica: LiveReplica, loads: LoadReporter): Lease {
  replica.underWay += 1;
  addToCell(replica.cell.cells, replica.cell.at, replica.cell.writer, 1);
  replica.requests += 1;
  replica.lastRequest = Date.now();
  loads.changed(replica);
  return { replica, open: true };
}

/** Ends it; a second call does nothing. `failed`: the replica was at fault. */
export function endLease(lease: Lease, failed: boolean, loads: LoadReporter): void {
  if (!lease.open) return;
  lease.open = false;
  const { cell } = lease.replica;
  lease.replica.underWay -= 1;
  addToCell(cell.cells, cell.at, cell.writer, -1);
  if (failed) {
    lease.replica.failures += 1;
    lease.replica.passive?.note(true);
  }
  loads.changed(lease.replica);
}
