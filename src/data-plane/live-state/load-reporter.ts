// Reports the loads of replicas that changed, at most a few times a second, so that the control plane can show them.
import type { ReplicaLoad } from '../../model/messages.ts';
import type { LiveReplica } from './live-replica.ts';

/** Collects changes of load and reports them together. */
export type LoadReporter = {
  /** The counts of a replica have changed. */
  changed(replica: LiveReplica): void;
  /** Reports what is left now. */
  flush(): void;
};

/** Four reports a second: more than an eye follows, and next to no work. */
const reportIntervalMs = 250;

/** Creates a reporter; `onLoads` hears of changes only, a few times a second at most. */
export function createLoadReporter(onLoads: (loads: readonly ReplicaLoad[]) => void): LoadReporter {
  let dirty: LiveReplica[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastReport = Number.NEGATIVE_INFINITY;

  function report(): void {
    timer = undefined;
    lastReport = performance.now();
    const loads = dirty.map(toLoad);
    dirty = [];
    onLoads(loads);
  }

  return {
    changed(replica) {
      if (replica.dirty) return;
      replica.dirty = true;
      dirty.push(replica);
      // The first change is reported at once, those that follow it together.
      timer ??= setTimeout(report, Math.max(0, lastReport + reportIntervalMs - performance.now())).unref();
    },
    flush() {
      clearTimeout(timer);
      if (dirty.length > 0) report();
    },
  };
}

function toLoad(replica: LiveReplica): ReplicaLoad {
  replica.dirty = false;
  const { service, id, underWay, requests, failures, lastRequest } = replica;
  return { service, replica: id, inFlight: underWay, requests, failures, lastRequest };
}
