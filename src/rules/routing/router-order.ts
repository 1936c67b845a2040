// The order in which routers are asked. The same in every worker, in the API and in `check`.

/** What decides the order of a router. */
export type Ranked = {
  /** Higher is asked first. */
  readonly priority: number;
  /** Decides between equal priorities, lower first (`orderOf`). */
  readonly order: string;
};

/** Which provider's router wins between equal priorities (Traefik `providers.precedence`, for those that there are). */
const providerPrecedence: Readonly<Record<string, string>> = { swarm: '0', docker: '1', file: '2' };
const lastPrecedence = '9';

/** What decides between equal priorities, lower first: the provider, then the name. */
export function orderOf({ provider, name }: { readonly provider: string; readonly name: string }): string {
  return (providerPrecedence[provider] ?? lastPrecedence) + name;
}

/** For sorting: whoever is asked first comes first. */
export function compareRanks(one: Ranked, other: Ranked): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  return one.order < other.order ? -1 : Number(one.order > other.order);
}
