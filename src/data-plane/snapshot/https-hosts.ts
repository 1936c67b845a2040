// Which server names the HTTPS routers of an entry point claim: they come before TCP routers (Traefik v3.7,
// pkg/server/router/tcp/router.go). A book of counts, so that a changed router costs its own hosts.
import { wildcardSuffix } from '../../rules/routing/compile-matcher.ts';
import { hostsNamedIn } from '../../rules/routing/rule-hosts.ts';
import type { RuleNode } from '../../rules/routing/rule-node.ts';

/** How far HTTPS routers claim a server name: by their hosts, because one of them takes any host, or not at all. */
export type HttpsClaim = 'host' | 'any' | 'none';

/** The hosts of the HTTPS routers of an entry point. */
export type HttpsHosts = {
  add(rule: RuleNode): void;
  remove(rule: RuleNode): void;
  isEmpty(): boolean;
  claim(serverName: string): HttpsClaim;
};

const anyHost = '*';

/** Without routers. */
export function createHttpsHosts(): HttpsHosts {
  const counts = new Map<string, number>();

  function count(rule: RuleNode, change: 1 | -1): void {
    const hosts = hostsNamedIn(rule);
    for (const host of hosts.length === 0 ? [anyHost] : hosts) {
      const next = (counts.get(host) ?? 0) + change;
      if (next > 0) counts.set(host, next);
      else counts.delete(host);
    }
  }

  return {
    add: (rule) => count(rule, 1),
    remove: (rule) => count(rule, -1),
    isEmpty: () => counts.size === 0,
    claim(serverName) {
      // A name of one label has no wildcard: `*` alone is any host.
      const suffix = wildcardSuffix(serverName);
      if (counts.has(serverName) || (suffix !== '' && counts.has(`*${suffix}`))) return 'host';
      return counts.has(anyHost) ? 'any' : 'none';
    },
  };
}
