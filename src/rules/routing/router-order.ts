// The order in which routers are asked. The same in every worker, in the API and in `check`.

/** What decides the order of a router. */
export type Ranked = {
  /** Higher is asked first. */
  readonly priority: number;
  /** Decides between equal priorities, lower first (`orderOf`). */
  readonly order: string;
};

/** Traefik's `providers.precedence` where it is not set (v3.7, static_config.go): whose router is asked first. */
export const defaultPrecedence: readonly string[] = [
  'kubernetesgateway',
  'kubernetescrd',
  'kubernetes',
  'kubernetesingressnginx',
  'swarm',
  'docker',
  'file',
  'redis',
  'knative',
  'consul',
  'consulcatalog',
  'nomad',
  'etcd',
  'ecs',
  'http',
  'zookeeper',
  'rest',
];

/** The place of a provider in an order of them; behind all others where it is not named. */
export function rankOf(provider: string, precedence: readonly string[]): number {
  const place = precedence.indexOf(provider);
  return place < 0 ? precedence.length : place;
}

/** As far as a router's order depends on it. */
export type Orderable = {
  readonly provider: string;
  readonly name: string;
  /** The rank of its provider, where it is not the usual one. */
  readonly providerRank?: number;
};
/**
 * Priorities of the gateway's own routers. Traefik keeps the largest integers of 64 bits for them, of which a number here tells
 * no two apart; users write none as high as these.
 */
export const abovePriorities = { redirection: 2 ** 63, first: 2 ** 63 + 2 ** 12 } as const;

/** What decides between equal priorities, lower first: the provider, then the name. */
export function orderOf({ provider, name, providerRank }: Orderable): string {
  const rank = providerRank ?? rankOf(provider, defaultPrecedence);
  return String(rank).padStart(2, '0') + name;
}

/** For sorting: whoever is asked first comes first. */
export function compareRanks(one: Ranked, other: Ranked): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  return one.order < other.order ? -1 : Number(one.order > other.order);
}
