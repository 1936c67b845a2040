// Request metrics of one worker, under Traefik's names and labels (docs "Metrics": Prometheus). What is switched off by
// its option is neither counted nor shown. Everything is synchronous and never throws.
import type { PrometheusOptions } from '../model/startup.ts';
import type { ConnectionProtocol, ExchangeRecord } from './exchange-record.ts';
import type { MetricFamily } from './metric-family.ts';
import { collectScopes, countExchange, createScope, type Scope } from './request-series.ts';

/** The counters of one worker. */
export type RequestMetrics = {
  readonly record: (exchange: ExchangeRecord) => void;
  /** Counts a client's connection (or tunnel) in traefik_open_connections until the returned function is called. */
  readonly openConnection: (entryPoint: string, protocol: ConnectionProtocol) => () => void;
  /** Counts a TLS handshake that failed. `reason` is one of few words. */
  readonly countHandshakeFailure: (entryPoint: string, reason: string) => void;
  /** Routers and services that are still configured. The series of the others are shown once more, then dropped. */
  readonly retain: (names: ConfiguredNames) => void;
  /** All families in prom-client's JSON form, for `mergeMetrics`. */
  readonly collect: () => MetricFamily[];
};

/** What is configured now. */
export type ConfiguredNames = {
  readonly routers: { has(name: string): boolean };
  readonly services: { has(name: string): boolean };
};

type Scopes = Map<string, Scope>;

/** Never part of an entry point's name, which the operator chooses on the command line. */
const separator = '\0';

/** Counters at zero. */
export function createRequestMetrics(options: PrometheusOptions): RequestMetrics {
  const entryPoints: Scopes = new Map();
  const routers = new Map<string, Scopes>();
  const services: Scopes = new Map();
  const connections = new Map<string, { entryPoint: string; protocol: string; open: number }>();
  const handshakeFailures = new Map<string, { entryPoint: string; reason: string; count: number }>();
  let leaving: ConfiguredNames | undefined;

  function record(exchange: ExchangeRecord): void {
    if (!exchange.counted) return;
    const { entryPoint, router, service } = exchange;
    if (options.entryPointLabels) {
      count(
        scopeOf(entryPoints, entryPoint, () => ({ entrypoint: entryPoint })),
        exchange,
      );
    }
    if (service === undefined) return;
    if (options.routerLabels && router !== undefined) {
      let ofRouter = routers.get(router);
      if (ofRouter === undefined) {
        ofRouter = new Map();
        routers.set(router, ofRouter);
      }
      count(
        scopeOf(ofRouter, service, () => ({ router, service })),
        exchange,
      );
    }
    if (options.serviceLabels)
      count(
        scopeOf(services, service, () => ({ service })),
        exchange,
      );
  }

  function count(scope: Scope, exchange: ExchangeRecord): void {
    countExchange(scope, exchange, options.buckets);
  }

  function openConnection(entryPoint: string, protocol: ConnectionProtocol): () => void {
    const key = entryPoint + separator + protocol;
    let gauge = connections.get(key);
    if (gauge === undefined) {
      gauge = { entryPoint, protocol, open: 0 };
      connections.set(key, gauge);
    }
    const counted = gauge;
    counted.open += 1;
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      counted.open -= 1;
    };
  }

  function countHandshakeFailure(entryPoint: string, reason: string): void {
    const key = entryPoint + separator + reason;
    const counter = handshakeFailures.get(key) ?? { entryPoint, reason, count: 0 };
    counter.count += 1;
    handshakeFailures.set(key, counter);
  }

  function collect(): MetricFamily[] {
    const families = [
      ...(options.entryPointLabels
        ? collectScopes('entrypoint', [...entryPoints.values()], options.buckets)
        : []),
      ...(options.routerLabels
        ? collectScopes(
            'router',
            [...routers.values()].flatMap((ofRouter) => [...ofRouter.values()]),
            options.buckets,
          )
        : []),
      ...(options.serviceLabels ? collectScopes('service', [...services.values()], options.buckets) : []),
      openConnections([...connections.values()]),
      failedHandshakes([...handshakeFailures.values()]),
    ];
    if (leaving !== undefined) forget(leaving);
    leaving = undefined;
    return families;
  }

  /** As in Traefik a removed object is scraped once more, so that its last requests are not lost. */
  function forget(names: ConfiguredNames): void {
    for (const [router, ofRouter] of routers) {
      if (!names.routers.has(router)) routers.delete(router);
      for (const service of ofRouter.keys()) if (!names.services.has(service)) ofRouter.delete(service);
    }
    for (const service of services.keys()) if (!names.services.has(service)) services.delete(service);
  }

  return {
    record,
    openConnection,
    countHandshakeFailure,
    retain: (names) => {
      leaving = names;
    },
    collect,
  };
}

function scopeOf(scopes: Scopes, name: string, labels: () => Readonly<Record<string, string>>): Scope {
  let scope = scopes.get(name);
  if (scope === undefined) {
    scope = createScope(labels());
    scopes.set(name, scope);
  }
  return scope;
}

function openConnections(
  gauges: readonly { entryPoint: string; protocol: string; open: number }[],
): MetricFamily {
  return {
    name: 'traefik_open_connections',
    help: 'Open connections of clients.',
    type: 'gauge',
    aggregator: 'sum',
    values: gauges.map(({ entryPoint, protocol, open }) => ({
      labels: { entrypoint: entryPoint, protocol },
      value: open,
    })),
  };
}

function failedHandshakes(
  counters: readonly { entryPoint: string; reason: string; count: number }[],
): MetricFamily {
  return {
    name: 'berth_tls_handshake_failures_total',
    help: 'TLS handshakes of clients that failed.',
    type: 'counter',
    aggregator: 'sum',
    values: counters.map(({ entryPoint, reason, count }) => ({
      labels: { entrypoint: entryPoint, reason },
      value: count,
    })),
  };
}
