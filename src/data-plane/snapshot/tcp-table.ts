// The TCP routers of one entry point, in the order in which Traefik v3.7 asks them (pkg/server/router/tcp/router.go).
import type { ConnectionHead, ConnectionPredicate } from '../../rules/routing/compile-tcp-rule.ts';
import { compareRanks, type Ranked } from '../../rules/routing/router-order.ts';
import type { CompiledTcpRouter, TcpTable } from '../exchange/snapshot.ts';
import type { HttpsHosts } from './https-hosts.ts';

/** A TCP router as it stands in a table. */
export type TcpEntry = Ranked & {
  readonly router: CompiledTcpRouter;
  readonly takes: ConnectionPredicate;
  /** Its rule is HostSNI(`*`) and nothing else: it comes after HTTPS routers. */
  readonly isCatchAll: boolean;
  /** The names of which a connection must have one; undefined: it may take others too. */
  readonly names: readonly string[] | undefined;
};

/** `https` are the hosts of the HTTPS routers, as they are at the moment of each question. */
export function createTcpTable(
  entries: readonly TcpEntry[],
  https: Pick<HttpsHosts, 'isEmpty' | 'claim'>,
): TcpTable {
  const plain = createMatcher(entries.filter(({ router }) => router.tls === 'none'));
  const encrypted = createMatcher(entries.filter(({ router }) => router.tls !== 'none'));
  const isPlainOnly = entries.every(({ router }) => router.tls === 'none');
  return {
    needsFirstBytes: () => !(isPlainOnly && https.isEmpty()),
    matchPlain: (head) => plain(head)?.router,
    matchTls(head) {
      const claim = https.claim(head.serverName);
      if (claim === 'host') return undefined;
      const entry = encrypted(head);
      return entry?.isCatchAll === true && claim === 'any' ? undefined : entry?.router;
    },
    matchStartTls: (head) => encrypted(head)?.router,
  };
}

type Matcher = (head: ConnectionHead) => TcpEntry | undefined;

/** Routers that require a name are found by it, so that thousands of them cost no more than one. */
function createMatcher(entries: readonly TcpEntry[]): Matcher {
  const byName = new Map<string, TcpEntry[]>();
  const general: TcpEntry[] = [];
  for (const entry of entries.toSorted(compareRanks)) {
    if (entry.names === undefined) general.push(entry);
    else for (const name of new Set(entry.names)) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return (head) => {
    const specific = byName.get(head.serverName)?.find(({ takes }) => takes(head));
    const other = general.find(({ takes }) => takes(head));
    if (specific === undefined || other === undefined) return specific ?? other;
    return compareRanks(specific, other) <= 0 ? specific : other;
  };
}
