// Builders of what a provider declares, with defaults for everything that a test does not speak of.
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { BalancedService, DynamicConfig } from '../../src/model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../src/model/middlewares/catalog.ts';
import type {
  Declared,
  DeclaredService,
  DeclaredTcpService,
  DeclaredUdpService,
  ProviderConfig,
} from '../../src/model/provider-config.ts';
import type { Replica } from '../../src/model/replica.ts';
import type { RouterOptions } from '../../src/model/router.ts';
import type { TcpRouterOptions } from '../../src/model/tcp.ts';
import type { TcpMiddlewareOptions } from '../../src/model/tcp-middlewares.ts';
import type { UdpRouterOptions } from '../../src/model/udp.ts';

type Extra = Partial<Pick<Declared<unknown>, 'origins' | 'faults' | 'labels'>>;

/** The labels of a container that sets every option. */
const labelsOf = (kind: string, name: string, options: readonly string[]) =>
  options.map((option) => `traefik.http.${kind}.${name}.${option}`);

/** A router for Host(`<name>.test`) to the service `app`. */
export function declareRouter(
  name: string,
  options: RouterOptions = {},
  extra: Extra = {},
): Declared<RouterOptions> {
  return {
    name,
    options: { rule: `Host(\`${name}.test\`)`, service: 'app', ...options },
    origins: extra.origins ?? [`container-${name}`],
    faults: extra.faults ?? [],
    labels: extra.labels ?? labelsOf('routers', name, ['rule', 'service', 'middlewares', 'entrypoints']),
  };
}

/** A service with one ready replica. */
export function declareService(
  name: string,
  options: DeclaredService['options'] = {},
  extra: Extra & { readonly replicas?: readonly Replica[] } = {},
): DeclaredService {
  return {
    name,
    options,
    origins: extra.origins ?? [`container-${name}`],
    faults: extra.faults ?? [],
    labels:
      extra.labels ??
      labelsOf('services', name, ['loadbalancer.healthcheck.interval', 'loadbalancer.healthcheck.timeout']),
    replicas: extra.replicas ?? [replicaOf(name)],
  };
}

/** A middleware, addPrefix unless said otherwise. */
export function declareMiddleware(
  name: string,
  options: MiddlewareOptions = { kind: 'addPrefix', options: { prefix: '/x' } },
  extra: Extra = {},
): Declared<MiddlewareOptions> {
  return {
    name,
    options,
    origins: extra.origins ?? [`container-${name}`],
    faults: extra.faults ?? [],
    ...(extra.labels === undefined ? {} : { labels: extra.labels }),
  };
}

/** A ready replica at 10.0.0.1. */
export function replicaOf(id: string, state: Replica['state'] = 'ready'): Replica {
  return { id, url: 'http://10.0.0.1:80', weight: 1, preservePath: false, state, since: 0 };
}

/** What a provider declares; the service `app` is there unless `services` is given. */
export function declare(parts: {
  readonly provider?: string;
  readonly routers?: readonly Declared<RouterOptions>[];
  readonly services?: readonly DeclaredService[];
  readonly middlewares?: readonly Declared<MiddlewareOptions>[];
  readonly tcpRouters?: readonly Declared<TcpRouterOptions>[];
  readonly tcpServices?: readonly DeclaredTcpService[];
  readonly tcpMiddlewares?: readonly Declared<TcpMiddlewareOptions>[];
  readonly udpRouters?: readonly Declared<UdpRouterOptions>[];
  readonly udpServices?: readonly DeclaredUdpService[];
  readonly diagnostics?: readonly Diagnostic[];
}): ProviderConfig {
  const byName = <T extends { readonly name: string }>(list: readonly T[]) =>
    new Map(list.map((one) => [one.name, one]));
  return {
    provider: parts.provider ?? 'docker',
    routers: byName(parts.routers ?? []),
    services: byName(parts.services ?? [declareService('app')]),
    middlewares: byName(parts.middlewares ?? []),
    tcpRouters: byName(parts.tcpRouters ?? []),
    tcpServices: byName(parts.tcpServices ?? []),
    tcpMiddlewares: byName(parts.tcpMiddlewares ?? []),
    udpRouters: byName(parts.udpRouters ?? []),
    udpServices: byName(parts.udpServices ?? []),
    diagnostics: parts.diagnostics ?? [],
  };
}

/** A fault of a declared object. */
export function faultOf(severity: Diagnostic['severity'], message: string): Diagnostic {
  return {
    severity,
    code: 'bad-value',
    provider: 'docker',
    object: { kind: 'router', name: 'any' },
    message,
  };
}

/** A service of the configuration that has replicas of its own. */
export function balancedIn({ services }: Pick<DynamicConfig, 'services'>, name: string): BalancedService {
  const service = services.get(name);
  if (service === undefined || service.composite !== undefined) throw new Error(`No load balancer ${name}.`);
  return service;
}
