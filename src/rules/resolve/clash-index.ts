// Routers of different names that want exactly the same requests. One of them would win in silence, so that a tenant
// could take the requests of another by repeating his rule: both get a warning that names the other.
import { isTlsOn, type Router } from '../../model/dynamic-config.ts';
import { orderOf } from '../routing/router-order.ts';

/** One of UDP has no rule, and wants all that comes. */
type ClashingRouter = Pick<
  Router,
  'name' | 'provider' | 'providerRank' | 'status' | 'origins' | 'entryPoints' | 'tls' | 'tlsEntryPoints'
> &
  Partial<Pick<Router, 'rule' | 'ruleSyntax' | 'priority'>>;

/** Routers by what they want. */
export type ClashIndex = {
  /** Adds a router, or replaces the one of its name. */
  put(router: ClashingRouter): void;
  remove(name: string): void;
  /** The warning of a router that clashes; undefined for all others. Equal for equal clashes. */
  warningOf(name: string): string | undefined;
  /** Names of the routers whose warning may be another one since the last call. */
  takeTouched(): ReadonlySet<string>;
};

/** An empty index. */
export function createClashIndex(): ClashIndex {
  const routers = new Map<string, { readonly router: ClashingRouter; readonly key: string }>();
  /** Routers that are equal candidates, whatever their entry points and TLS. */
  const groups = new Map<string, Map<string, ClashingRouter>>();
  let touched = new Set<string>();

  const touch = (group: ReadonlyMap<string, ClashingRouter>): void => {
    if (group.size > 1) for (const name of group.keys()) touched.add(name);
  };
  const remove = (name: string): void => {
    const key = routers.get(name)?.key;
    const group = key === undefined ? undefined : groups.get(key);
    routers.delete(name);
    if (key === undefined || group === undefined) return;
    touch(group);
    group.delete(name);
    if (group.size === 0) groups.delete(key);
  };

  return {
    put(router) {
      remove(router.name);
      if (router.status === 'disabled') return;
      const key = keyOf(router);
      const group = groups.get(key) ?? new Map<string, ClashingRouter>();
      group.set(router.name, router);
      groups.set(key, group);
      routers.set(router.name, { router, key });
      touch(group);
    },
    remove,
    warningOf(name) {
      const known = routers.get(name);
      const group = known && groups.get(known.key);
      return known === undefined || group === undefined || group.size < 2
        ? undefined
        : describe(known.router, [...group.values()]);
    },
    takeTouched() {
      const taken = touched;
      touched = new Set();
      return taken;
    },
  };
}

function keyOf(router: ClashingRouter): string {
  return `${router.priority} ${router.ruleSyntax} ${router.rule}`;
}

/** More rivals than that are counted only. */
const maxRivalsNamed = 3;

function describe(router: ClashingRouter, group: readonly ClashingRouter[]): string | undefined {
  const rivals = group
    .filter((other) => other !== router && meet(router, other))
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const [first] = rivals;
  if (first === undefined) return undefined;
  const names = rivals.slice(0, maxRivalsNamed).map((rival) => `${rival.name} (${rival.origins.join(', ')})`);
  const more = rivals.length - names.length;
  const [same, goods] =
    router.rule === undefined ? ['entry point', 'datagrams'] : ['rule, priority and entry point', 'requests'];
  // Equals are asked in the order of their providers, then of their names.
  const by = router.provider === first.provider ? 'name' : 'provider';
  const outcome =
    orderOf(router) < orderOf(first)
      ? `It comes first by ${by} and gets the ${goods}.`
      : `The ${goods} go to ${first.name}.`;
  return `Same ${same} as ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. ${outcome}`;
}

function meet(one: ClashingRouter, other: ClashingRouter): boolean {
  return one.entryPoints.some(
    (name) => other.entryPoints.includes(name) && isTlsOn(one, name) === isTlsOn(other, name),
  );
}
