// Who uses what, and which diagnostics concern what: made once for each version of the configuration, when somebody asks.
import { appendTo } from '../../../lib/append-to.ts';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import type { DynamicConfig, Router, Service } from '../../../model/dynamic-config.ts';

/** Look-ups over one version of the configuration. */
export type ConfigIndex = {
  /** By qualified name. */
  readonly service: (name: string) => Service | undefined;
  /** Qualified names of the routers that lead to a service. */
  readonly routersOfService: (service: string) => readonly string[];
  readonly routersOfTcpService: (service: string) => readonly string[];
  readonly routersOfUdpService: (service: string) => readonly string[];
  readonly routersOfMiddleware: (middleware: string) => readonly string[];
  readonly routersOfTcpMiddleware: (middleware: string) => readonly string[];
  readonly diagnosticsOf: (kind: Diagnostic['object']['kind'], name: string) => readonly Diagnostic[];
};

/** A function that gives the index of a version, and makes it anew only when the version is another. */
export function createConfigIndex(): (config: DynamicConfig) => ConfigIndex {
  let last: { readonly config: DynamicConfig; readonly index: ConfigIndex } | undefined;
  return (config) => {
    if (last?.config !== config) last = { config, index: indexConfig(config) };
    return last.index;
  };
}

function indexConfig(config: DynamicConfig): ConfigIndex {
  const byService = new Map<string, string[]>();
  const byMiddleware = new Map<string, string[]>();
  for (const router of config.routers.values()) addRouter(router, byService, byMiddleware);
  const byTcpService = new Map<string, string[]>();
  const byTcpMiddleware = new Map<string, string[]>();
  for (const router of config.tcpRouters.values()) addRouter(router, byTcpService, byTcpMiddleware);
  const byUdpService = new Map<string, string[]>();
  for (const { service, name } of config.udpRouters.values()) appendTo(byUdpService, service, name);
  const diagnostics = new Map<string, Diagnostic[]>();
  for (const diagnostic of config.diagnostics) {
    appendTo(diagnostics, key(diagnostic.object.kind, diagnostic.object.name), diagnostic);
  }
  return {
    service: (name) => config.services.get(name),
    routersOfService: (service) => byService.get(service) ?? [],
    routersOfTcpService: (service) => byTcpService.get(service) ?? [],
    routersOfUdpService: (service) => byUdpService.get(service) ?? [],
    routersOfMiddleware: (middleware) => byMiddleware.get(middleware) ?? [],
    routersOfTcpMiddleware: (middleware) => byTcpMiddleware.get(middleware) ?? [],
    diagnosticsOf: (kind, name) => diagnostics.get(key(kind, name)) ?? [],
  };
}

function addRouter(
  router: Pick<Router, 'name' | 'service' | 'middlewares'>,
  byService: Map<string, string[]>,
  byMiddleware: Map<string, string[]>,
): void {
  appendTo(byService, router.service, router.name);
  for (const middleware of new Set(router.middlewares)) appendTo(byMiddleware, middleware, router.name);
}

const key = (kind: string, name: string): string => `${kind} ${name}`;
