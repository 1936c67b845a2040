// The overview: how many of what, and how they fare. Pure.

import { countedServices, type DynamicConfig, type ObjectStatus } from '../../../model/dynamic-config.ts';
import { mayServe } from '../../../model/replica.ts';
import { providersOf, type StartupConfig } from '../../../model/startup.ts';
import type { Counts, OverviewView } from '../../../model/view.ts';
import type { ApiSources } from '../api-sources.ts';
import { healthOf } from './replica-view.ts';

/** Counts everything anew: it is asked for rarely. */
export function toOverviewView(sources: ApiSources, startup: StartupConfig): OverviewView {
  const config = sources.config();
  const { replicas, inFlight } = countReplicas(config, sources);
  const none: Counts = { total: 0, warnings: 0, errors: 0 };
  return {
    http: {
      routers: count(config.routers.values()),
      services: count(config.services.values()),
      middlewares: count(config.middlewares.values()),
    },
    tcp: {
      routers: count(config.tcpRouters.values()),
      services: count(config.tcpServices.values()),
      middlewares: count(config.tcpMiddlewares.values()),
    },
    udp: {
      routers: count(config.udpRouters.values()),
      services: count(config.udpServices.values()),
    },
    certificates: none,
    features: {
      tracing: '',
      metrics: startup.prometheus === undefined ? '' : 'Prometheus',
      accessLog: startup.accessLog !== undefined,
    },
    providers: providersOf(startup).map((name) => shownProviders[name] ?? name),
    berth: {
      configVersion: config.version,
      name: startup.api?.dashboardName ?? '',
      diagnostics: countDiagnostics(config),
      replicas,
      inFlight,
      providerStates: sources.providerStates(),
    },
  };
}

/** As Traefik writes them. */
const shownProviders: Readonly<Record<string, string>> = {
  docker: 'Docker',
  file: 'File',
  http: 'HTTP',
  redis: 'Redis',
};

function count(objects: Iterable<{ readonly status: ObjectStatus }>): Counts {
  const counts = { total: 0, warnings: 0, errors: 0 };
  for (const { status } of objects) {
    counts.total += 1;
    if (status === 'warning') counts.warnings += 1;
    if (status === 'disabled') counts.errors += 1;
  }
  return counts;
}

function countReplicas(config: DynamicConfig, sources: ApiSources) {
  const replicas = { total: 0, ready: 0 };
  let inFlight = 0;
  for (const service of countedServices(config)) {
    for (const replica of service.replicas) {
      replicas.total += 1;
      if (mayServe(replica, healthOf(service, replica, sources).verdict)) replicas.ready += 1;
      inFlight += sources.loadOf(service.name, replica.id)?.inFlight ?? 0;
    }
  }
  return { replicas, inFlight };
}

function countDiagnostics(config: DynamicConfig): OverviewView['berth']['diagnostics'] {
  const counts = { errors: 0, warnings: 0, infos: 0 };
  for (const { severity } of config.diagnostics) {
    if (severity === 'error') counts.errors += 1;
    else if (severity === 'warning') counts.warnings += 1;
    else counts.infos += 1;
  }
  return counts;
}
