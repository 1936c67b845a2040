// The hosts that a rule speaks of.
import type { RuleNode } from './rule-node.ts';

/** All that Host names, whatever stands around it, as in Traefik: it is a rule about the certificate, not about requests. */
export function hostsNamedIn(rule: RuleNode): readonly string[] {
  switch (rule.kind) {
    case 'match':
      return rule.matcher === 'Host' ? rule.args : [];
    case 'not':
      return hostsNamedIn(rule.node);
    case 'and':
    case 'or':
      return [...hostsNamedIn(rule.left), ...hostsNamedIn(rule.right)];
  }
}
