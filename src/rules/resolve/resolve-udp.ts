// One declared UDP router or service → a checked one. Source: Traefik v3.7, pkg/server/router/udp/router.go.
import type { UdpRouter, UdpService } from '../../model/dynamic-config.ts';
import type { Declared, DeclaredUdpService } from '../../model/provider-config.ts';
import { type UdpRouterOptions, udpName } from '../../model/udp.ts';
import { checkService, lookupIn } from './reference-table.ts';
import { type RouterContext, resolveEntryPoints } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import { openVerdict } from './verdict.ts';

/** Resolves a UDP service of `provider`. It depends on nothing but its declaration. */
export function resolveUdpService(provider: string, declared: DeclaredUdpService): Resolution<UdpService> {
  const verdict = openVerdict('service', provider, declared, udpName);
  const object: UdpService = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    replicas: declared.replicas,
  });
  return { object, found: verdict.found };
}

/** Resolves a UDP router of `provider`; tables and entry points of `context` are those of UDP. */
export function resolveUdpRouter(
  provider: string,
  declared: Declared<UdpRouterOptions>,
  context: RouterContext,
): Resolution<UdpRouter> {
  const { options, faults, name, origins } = declared;
  const verdict = openVerdict('router', provider, declared, udpName);
  const entryPoints = resolveEntryPoints(options.entryPoints, context, verdict);
  if (context.entryPoints.length === 0 && (options.entryPoints ?? []).length === 0) {
    verdict.add({
      severity: 'error',
      code: 'unknown-reference',
      message: 'There is no UDP entry point.',
      hint: 'Start the gateway with one, such as --entrypoints.dns.address=:53/udp.',
    });
  }
  const service = checkService(verdict, options.service, provider, lookupIn(context.tables.services), {
    suggest: context.suggest,
    excused: faults.some(({ severity }) => severity === 'error'),
  });
  const object: UdpRouter = Object.freeze({
    name: `${name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins,
    entryPoints,
    service,
  });
  return { object, found: verdict.found };
}
