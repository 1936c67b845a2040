// Routers of different names that want exactly the same requests. One of them would win in silence, so that a tenant
// could take the requests of another by repeating his rule: both get a warning that names the other.
import type { Router } from '../../model/dynamic-config.ts';

/** For each router that clashes: the one that gets the requests, which is itself for the winner, and its rivals. */
export type Clash = { readonly winner: Router; readonly rivals: readonly Router[] };

/** What makes two routers equal candidates, whatever their entry points. Worth keeping: it is a long string. */
export function clashKey(router: Router): string {
  return `${router.priority} ${router.tls === undefined ? 'plain' : 'tls'} ${router.ruleSyntax} ${router.rule}`;
}

/** Clashes by router name. Equals are asked in the order of their names. */
export function findClashes(
  routers: Iterable<{ readonly router: Router; readonly key: string }>,
): ReadonlyMap<string, Clash> {
  const first = new Map<string, Router>();
  const groups = new Map<string, Router[]>();
  for (const { router, key } of routers) {
    if (router.status === 'disabled') continue;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, router);
      continue;
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [earlier, router]);
    else group.push(router);
  }
  const clashes = new Map<string, Clash>();
  for (const unsorted of groups.values()) {
    const group = unsorted.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    for (const router of group) {
      const rivals = group.filter((other) => other !== router && meet(router, other));
      const winner = group.find((other) => other === router || rivals.includes(other));
      if (rivals.length > 0 && winner !== undefined) clashes.set(router.name, { winner, rivals });
    }
  }
  return clashes;
}

function meet(one: Router, other: Router): boolean {
  return one.entryPoints.some((name) => other.entryPoints.includes(name));
}

/** The sentence for the router that clashes; the same for the same clash, so that nothing changes when nothing does. */
export function clashMessage(router: Router, { winner, rivals }: Clash): string {
  const names = rivals.slice(0, maxRivalsNamed).map((rival) => `${rival.name} (${rival.origins.join(', ')})`);
  const more = rivals.length - names.length;
  const others = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const outcome =
    winner === router
      ? 'It comes first by name and gets the requests.'
      : `The requests go to ${winner.name}.`;
  return `Same rule, priority and entry point as ${others}. ${outcome}`;
}

const maxRivalsNamed = 3;
