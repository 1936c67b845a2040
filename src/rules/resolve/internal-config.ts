// What the gateway declares itself, as the provider `internal`: services that routers may name, and the routers and
// middlewares that start-up options ask for (Traefik v3.7, pkg/provider/traefik/internal.go). Pure.
import { tableBy } from '../../lib/sorted-table.ts';
import { type InternalService, internalProvider, internalServiceUrl } from '../../model/internal-service.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { Declared, DeclaredService, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import type { EntryPoint, StartupConfig } from '../../model/startup.ts';
import { abovePriorities } from '../routing/router-order.ts';

/** All that the start-up configuration declares. `services` are those that routers may name. */
export function toInternalConfig(
  startup: Pick<StartupConfig, 'entryPoints' | 'api' | 'ping' | 'prometheus'>,
  services: readonly InternalService[] = offeredServices(startup),
): ProviderConfig {
  const redirected = startup.entryPoints.filter(({ redirection }) => redirection !== undefined);
  return {
    provider: internalProvider,
    routers: byName([...redirected.map(redirectingRouter), ...servingRouters(startup)]),
    services: byName(services.map(internalService)),
    middlewares: byName(redirected.map(redirectingMiddleware)),
    tcpRouters: new Map(),
    tcpServices: new Map(),
    tcpMiddlewares: new Map(),
    udpRouters: new Map(),
    udpServices: new Map(),
    diagnostics: [],
  };
}

/** What is switched on. */
export function offeredServices({
  api,
  ping,
  prometheus,
}: Pick<StartupConfig, 'api' | 'ping' | 'prometheus'>): readonly InternalService[] {
  return [
    'noop',
    ...(api === undefined ? [] : (['api'] as const)),
    ...(api?.dashboard === true ? (['dashboard'] as const) : []),
    ...(ping === undefined ? [] : (['ping'] as const)),
    ...(prometheus === undefined ? [] : (['prometheus'] as const)),
  ];
}

function byName<D extends Declared<unknown>>(list: readonly D[]): ReadonlyMap<string, D> {
  return tableBy(list, ({ name }) => name);
}

const declared = <O>(name: string, options: O): Declared<O> => ({ name, options, origins: [], faults: [] });

function internalService(name: InternalService): DeclaredService {
  const server = { weight: 1, preservePath: false, state: 'ready', since: 0 } as const;
  return {
    ...declared(name, {}),
    replicas: name === 'noop' ? [] : [{ id: 'internal', url: internalServiceUrl(name), ...server }],
  };
}

/** Ping and metrics on an entry point of users; on the internal one the control plane serves them itself. */
function servingRouters({
  entryPoints,
  ping,
  prometheus,
}: Pick<StartupConfig, 'entryPoints' | 'ping' | 'prometheus'>): readonly Declared<RouterOptions>[] {
  const places = [
    { name: 'ping', path: '/ping', place: ping },
    { name: 'prometheus', path: '/metrics', place: prometheus },
  ];
  return places.flatMap(({ name, path, place }) => {
    const isServed = entryPoints.some((one) => one.name === place?.entryPoint);
    if (place === undefined || place.manualRouting || !isServed) return [];
    const rule = `PathPrefix(\`${path}\`)`;
    const entryPointNames = [place.entryPoint];
    const priority = abovePriorities.first;
    return declared(name, { rule, ruleSyntax: 'v3', entryPoints: entryPointNames, service: name, priority });
  });
}

function redirectingRouter(entryPoint: EntryPoint): Declared<RouterOptions> {
  const name = redirectionName(entryPoint);
  return declared(name, {
    rule: 'HostRegexp(`^.+$`)',
    ruleSyntax: 'v3',
    entryPoints: [entryPoint.name],
    middlewares: [`redirect-${name}`],
    service: 'noop',
    priority: entryPoint.redirection?.priority ?? abovePriorities.redirection,
  });
}

function redirectingMiddleware(entryPoint: EntryPoint): Declared<MiddlewareOptions> {
  const { scheme = '', port = '', permanent = true } = entryPoint.redirection ?? {};
  const options = { scheme, port, permanent };
  return declared(`redirect-${redirectionName(entryPoint)}`, { kind: 'redirectScheme', options });
}

/** Such as `web-to-websecure`, or `web-to-443`. */
function redirectionName({ name, redirection }: EntryPoint): string {
  return `${name}-to-${redirection?.to ?? ''}`
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join('-');
}
