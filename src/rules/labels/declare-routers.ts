// The routers of a container. Without a rule a router has the provider's defaultRule, without a service the
// container's only one (Traefik v3.7, provider/configuration.go, BuildRouterConfiguration).
import type { ContainerRecord } from '../../model/container.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Declared } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { type TcpRouterOptions, tcpName } from '../../model/tcp.ts';
import { type UdpRouterOptions, udpName } from '../../model/udp.ts';
import {
  type Declarer,
  type Definition,
  fingerprintOf,
  type RouterDefinition,
  type TcpRouterDefinition,
  type UdpRouterDefinition,
} from '../declare/declarations.ts';
import { listNames } from '../declare/list-names.ts';
import type { ObjectReport } from '../declare/object-report.ts';
import type { LabelNames } from './label-names.ts';
import type { LabelOptions } from './label-options.ts';
import type { WrittenLabels } from './read-labels.ts';
import type { Rendered } from './template/compile-template.ts';

/** The routers under their names; `services` are the names of the container's own services. */
export function declareRouters(
  record: ContainerRecord,
  routers: ReadonlyMap<string, RouterOptions>,
  services: readonly string[],
  declarer: Declarer,
  report: ObjectReport,
  { traceOf, names }: WrittenLabels,
  options: LabelOptions,
): RouterDefinition[] {
  // Rendering costs as much as there are labels, and there may be as many routers.
  let rendered: Rendered | undefined;
  const defaultRule = () => {
    rendered ??= options.defaultRule.render(record);
    return rendered;
  };
  return [...routers].map(([name, written]) => {
    const completed = {
      ...written,
      ...ruleOf(name, written, report, names, defaultRule),
      ...serviceOf(name, name, written, services, report, names),
    };
    return define(name, completed, record, declarer, report.of('router', name), traceOf);
  });
}

/** The same for TCP, where the rule is required (Traefik, BuildTCPRouterConfiguration). */
export function declareTcpRouters(
  record: ContainerRecord,
  routers: ReadonlyMap<string, TcpRouterOptions>,
  services: readonly string[],
  declarer: Declarer,
  report: ObjectReport,
  { traceOf, names }: WrittenLabels,
): TcpRouterDefinition[] {
  return [...routers].map(([name, written]) => {
    const shownAs = tcpName(name);
    const completed = { ...written, ...serviceOf(name, shownAs, written, services, report, names) };
    if ((written.rule ?? '') === '' && !isMisspelt(report, shownAs)) {
      report.add(
        { kind: 'router', name: shownAs },
        {
          severity: 'error',
          code: 'rule-syntax',
          message: `The TCP router ${name} has no rule, and there is no default one.`,
          hint: `Set ${names.of('router', name, 'rule')}, such as HostSNI(\`*\`).`,
        },
      );
    }
    return define(name, completed, record, declarer, report.of('router', shownAs), traceOf);
  });
}

/** The same for UDP, where there is no rule. */
export function declareUdpRouters(
  record: ContainerRecord,
  routers: ReadonlyMap<string, UdpRouterOptions>,
  services: readonly string[],
  declarer: Declarer,
  report: ObjectReport,
  { traceOf, names }: WrittenLabels,
): UdpRouterDefinition[] {
  return [...routers].map(([name, written]) => {
    const shownAs = udpName(name);
    const completed = { ...written, ...serviceOf(name, shownAs, written, services, report, names) };
    return define(name, completed, record, declarer, report.of('router', shownAs), traceOf);
  });
}

/** One container's word on a router of any protocol. */
function define<O extends object>(
  name: string,
  options: O,
  record: ContainerRecord,
  declarer: Declarer,
  faults: readonly Diagnostic[],
  traceOf: WrittenLabels['traceOf'],
): Definition<Declared<O>> {
  return {
    name,
    declarer,
    fingerprint: fingerprintOf(options, faults),
    faults,
    alone: { name, options, origins: [record.name], faults, ...traceOf('router', name) },
  };
}

const misspelt: ReadonlySet<string> = new Set(['unknown-key', 'wrong-root']);

function isMisspelt(report: ObjectReport, router: string): boolean {
  return report.of('router', router).some(({ severity, code }) => severity === 'error' && misspelt.has(code));
}

function ruleOf(
  name: string,
  { rule }: RouterOptions,
  report: ObjectReport,
  names: LabelNames,
  defaultRule: () => Rendered,
): Pick<RouterOptions, 'rule'> {
  if (rule !== undefined && rule !== '') return {};
  // The rule may be what was misspelt: the default one would be shown in its place.
  if (isMisspelt(report, name)) return {};
  const rendered = defaultRule();
  if (rendered.ok) return { rule: rendered.text };
  report.add(
    { kind: 'router', name },
    {
      severity: 'error',
      code: 'template',
      message: rendered.message,
      hint: `Set ${names.of('router', name, 'rule')}, or mend the provider’s defaultRule.`,
    },
  );
  return {};
}

function serviceOf(
  name: string,
  shownAs: string,
  { service }: Pick<RouterOptions, 'service'>,
  services: readonly string[],
  report: ObjectReport,
  names: LabelNames,
): Pick<RouterOptions, 'service'> {
  if (service !== undefined && service !== '') return {};
  const [only] = services;
  if (only !== undefined && services.length === 1) return { service: only };
  report.add(
    { kind: 'router', name: shownAs },
    {
      severity: 'error',
      code: 'ambiguous-service',
      message: `The container declares the services ${listNames(services)}, and router ${name} chooses none.`,
      hint: `Set ${names.of('router', name, 'service')} to one of them.`,
    },
  );
  return {};
}
