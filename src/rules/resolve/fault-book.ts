// The diagnostics of all objects of a table. Most objects have none, so that keeping the list costs what is faulty.
import type { Diagnostic } from '../../model/diagnostic.ts';

/** Diagnostics by object. */
export type FaultBook = {
  /** Replaces what is known of the object. */
  set(name: string, ...faults: readonly (readonly Diagnostic[])[]): void;
  delete(name: string): void;
  /** Sorted by the name of the object. The list is the same one until something changes. */
  all(): readonly Diagnostic[];
};

/** An empty book. */
export function createFaultBook(): FaultBook {
  const byName = new Map<string, readonly Diagnostic[]>();
  let list: readonly Diagnostic[] | undefined;

  const forget = (name: string): void => {
    if (byName.delete(name)) list = undefined;
  };

  return {
    set(name, ...faults) {
      forget(name);
      if (faults.every((some) => some.length === 0)) return;
      byName.set(name, faults.flat());
      list = undefined;
    },
    delete: forget,
    all() {
      list ??= [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
      return list;
    },
  };
}
