// The rule of a TCP router → a predicate on connections, and what the order among routers needs to know of it. Source:
// Traefik v3.7, pkg/muxer/tcp.
import { compileClientAddress, compileHost } from './compile-matcher.ts';
import { createRegexpCache, maxHostLength, type RegexpCache } from './compile-regexp.ts';
import { compileTree } from './compile-rule.ts';
import { defaultPriority, type TcpRuleNode } from './rule-node.ts';

/** What rules see of a connection. */
export type ConnectionHead = {
  /** The server name of the ClientHello in lower case; empty where there is none. */
  readonly serverName: string;
  /** The peer's IP address without a port. */
  readonly clientAddress: string;
  /** What the client offers by ALPN; empty where it offers nothing. */
  readonly protocols: readonly string[];
};

/** Whether a connection satisfies a rule. Synchronous, and it never throws. */
export type ConnectionPredicate = (head: ConnectionHead) => boolean;

/** Compiles a rule that parseTcpRule accepted. The cache shares compiled regexps among rules. */
export function compileTcpRule(
  rule: TcpRuleNode,
  cache: RegexpCache = createRegexpCache(),
): ConnectionPredicate {
  return compileTree(rule, ({ matcher, args: [argument = ''] }): ConnectionPredicate => {
    switch (matcher) {
      case 'HostSNI': {
        const isHost = compileHost(argument);
        return (head) => isHost(head.serverName);
      }
      case 'HostSNIRegexp': {
        const test = cache.testOf(argument, maxHostLength);
        return (head) => test(head.serverName);
      }
      case 'ClientIP': {
        const isClient = compileClientAddress(argument);
        return (head) => isClient(head.clientAddress);
      }
      case 'ALPN':
        return (head) => head.protocols.includes(argument);
    }
  });
}

/** Whether it is exactly HostSNI(`*`), which comes after all others. */
export function isCatchAll(rule: TcpRuleNode): boolean {
  return rule.kind === 'match' && rule.matcher === 'HostSNI' && rule.args[0] === '*';
}

/** Traefik's default priority: -1 for HostSNI(`*`), else the length of the rule in bytes. */
export function tcpPriority(rule: TcpRuleNode | undefined, ruleText: string): number {
  return rule !== undefined && isCatchAll(rule) ? -1 : defaultPriority(ruleText);
}

/** All names that the rule asks for by HostSNI, whatever stands around them, from left to right. */
export function serverNames(rule: TcpRuleNode): readonly string[] {
  switch (rule.kind) {
    case 'match':
      return rule.matcher === 'HostSNI' ? rule.args : [];
    case 'not':
      return serverNames(rule.node);
    case 'and':
    case 'or':
      return [...serverNames(rule.left), ...serverNames(rule.right)];
  }
}
