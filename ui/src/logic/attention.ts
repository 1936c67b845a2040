// Pure: what needs somebody's attention, worst first. Made from facts that the other pages show in full.
import type { Diagnostic, ProviderState, ReplicaView } from '../../../src/model/view.ts';
import { toHref } from '../navigation/route.ts';
import {
  conditionOf,
  describeNotReady,
  type ReplicasByService,
  readinessOf,
  replicaName,
} from './readiness.ts';

/** One line of the list. `detail` says why, or what to do. */
export type AttentionItem = {
  readonly key: string;
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly detail?: string;
  readonly href: string;
};

/** Providers that are down, services that nobody answers for, replicas out of rotation, then diagnostics. */
export function attentionOf(facts: {
  readonly providers: readonly ProviderState[];
  readonly replicas: ReplicasByService;
  readonly diagnostics: readonly Diagnostic[];
}): readonly AttentionItem[] {
  const items = [
    ...facts.providers.filter((one) => one.state === 'down').map(providerItem),
    ...[...facts.replicas].flatMap(([service, replicas]) => serviceItem(service, replicas)),
    ...facts.diagnostics.flatMap(diagnosticItem),
  ];
  // Array.sort is stable, so the order above holds inside each level.
  return items.sort((a, b) => rank(a.level) - rank(b.level));
}

const rank = (level: 'error' | 'warning'): number => (level === 'error' ? 0 : 1);

function providerItem(state: ProviderState): AttentionItem {
  return {
    key: `provider ${state.provider}`,
    level: 'error',
    title: `Provider ${state.provider} cannot be reached`,
    detail: `${state.message ?? 'No reason was given.'} The last good routes stay in force.`,
    href: toHref(['']),
  };
}

function serviceItem(service: string, replicas: readonly ReplicaView[]): readonly AttentionItem[] {
  const { ready, total } = readinessOf(replicas);
  // Replicas that are being stopped are leaving on purpose and take nothing that anybody would miss.
  const missing = replicas.filter((one) => !one.ready && one.state !== 'stopping' && one.state !== 'stopped');
  if (ready > 0 && missing.length === 0) return [];
  // What fails tells more than what only has not finished starting.
  const worst = (missing.length > 0 ? missing : replicas).toSorted((a, b) => eagerness(a) - eagerness(b));
  const whys = worst.slice(0, REASONS_SHOWN).map((one) => `${replicaName(one)}: ${reasonOf(one)}`);
  return [
    {
      key: `service ${service}`,
      level: ready === 0 ? 'error' : 'warning',
      title:
        ready === 0
          ? `${service} has no ready replica (${describeNotReady(replicas)})`
          : `${service} has ${ready} of ${total} replicas ready`,
      detail: whys.join(' '),
      href: toHref(['services', service]),
    },
  ];
}

const REASONS_SHOWN = 2;

const eagerness = (replica: ReplicaView): number => (replica.state === 'starting' ? 1 : 0);

const reasonOf = (replica: ReplicaView): string => replica.reason ?? `It is ${conditionOf(replica)}.`;

function diagnosticItem(diagnostic: Diagnostic, index: number): readonly AttentionItem[] {
  if (diagnostic.severity === 'info') return [];
  const { kind, name } = diagnostic.object;
  const object = kind === 'container' ? '' : `, ${kind} ${name}`;
  const place = diagnostic.container ? `container ${diagnostic.container}${object}` : `${kind} ${name}`;
  return [
    {
      key: `diagnostic ${index}`,
      level: diagnostic.severity,
      title: diagnostic.message,
      detail: diagnostic.hint === undefined ? `In ${place}.` : `In ${place}. ${diagnostic.hint}`,
      href: toHref(['diagnostics'], { q: diagnostic.container ?? diagnostic.object.name }),
    },
  ];
}
