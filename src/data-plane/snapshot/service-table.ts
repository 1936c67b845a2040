// The compiled services by name. A change costs the services that changed, and those that lead to one that is another now.
import { createReferenceIndex } from '../../lib/reference-index.ts';
import { diffTables } from '../../lib/sorted-table.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { CompiledService } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import { compileComposite, createBalancerCompiler } from './compile-service.ts';

/** Compiled services. */
export type ServiceTable = {
  /** Follows a configuration. Gives the names of the services that are others to who leads to them. */
  follow(services: ReadonlyMap<string, Service>): readonly string[];
  /** Undefined where it cannot be used. */
  get(name: string): CompiledService | undefined;
};

/** An empty table over live state, which has to follow a configuration first. */
export function createServiceTable(live: Pick<LiveState, 'service' | 'composite'>): ServiceTable {
  const compileBalancer = createBalancerCompiler(live);
  const compiled = new Map<string, CompiledService | undefined>();
  const references = createReferenceIndex();
  let last: ReadonlyMap<string, Service> = new Map();

  /** Those given and all that lead to them, through as many services as there are between. */
  function withReferrers(names: readonly string[]): ReadonlySet<string> {
    const all = new Set(names);
    for (const name of all) for (const referrer of references.referrers(name)) all.add(referrer);
    return all;
  }

  /** Members before those that lead to them. None leads to itself: resolve has seen to that. */
  function compileAll(services: ReadonlyMap<string, Service>, stale: ReadonlySet<string>): void {
    const done = new Set<string>();
    const compile = (name: string): CompiledService | undefined => {
      const service = services.get(name);
      if (service?.composite === undefined || !stale.has(name) || done.has(name)) return compiled.get(name);
      done.add(name);
      const next = compileComposite(service, live, compile);
      compiled.set(name, next);
      return next;
    };
    for (const name of stale) compile(name);
  }

  return {
    follow(services) {
      const { set, removed } = diffTables(last, services);
      last = services;
      const changed = removed.filter((name) => compiled.delete(name));
      for (const name of removed) references.set(name, []);
      for (const [name, service] of set) {
        references.set(name, service.composite?.members.map((member) => member.name) ?? []);
        const next = service.composite === undefined ? compileBalancer(service) : undefined;
        if (service.composite === undefined && compiled.has(name) && compiled.get(name) === next) continue;
        compiled.set(name, next);
        changed.push(name);
      }
      const stale = withReferrers(changed);
      compileAll(services, stale);
      return [...stale];
    },
    get: (name) => compiled.get(name),
  };
}
