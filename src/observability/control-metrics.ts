// Metrics that only the control plane knows: reloads, health of servers, replicas in flight, and those of the process.
import promClient from 'prom-client';

/** One replica as it is counted. */
export type ReplicaSample = {
  readonly service: string;
  /** Empty where there is no address. */
  readonly url: string;
  readonly replica: string;
  /** Whether requests may go to it. */
  readonly up: boolean;
  readonly inFlight: number;
};

/** The control plane's own metrics. */
export type ControlMetrics = {
  /** A configuration was applied; `atMs` is in milliseconds since the epoch. */
  readonly configApplied: (atMs: number) => void;
  /** prom-client's JSON form, for `mergeMetrics`. */
  readonly collect: () => Promise<unknown>;
};

/** `replicas` is asked at each scrape, so that nothing has to be kept in step. */
export function createControlMetrics(replicas: () => Iterable<ReplicaSample>): ControlMetrics {
  const registry = new promClient.Registry();
  const registers = [registry];
  promClient.collectDefaultMetrics({ register: registry });
  const reloads = new promClient.Counter({
    name: 'traefik_config_reloads_total',
    help: 'Configurations applied since the start.',
    registers,
  });
  const lastReload = new promClient.Gauge({
    name: 'traefik_config_last_reload_success',
    help: 'Seconds since the epoch of the last applied configuration.',
    registers,
  });
  const serverUp = new promClient.Gauge({
    name: 'traefik_service_server_up',
    help: 'Whether a server gets requests: 1 or 0.',
    labelNames: ['service', 'url'],
    registers,
  });
  const inFlight = new promClient.Gauge({
    name: 'berth_replica_in_flight',
    help: 'Requests under way at each replica.',
    labelNames: ['service', 'replica'],
    registers,
  });

  function sample(): void {
    serverUp.reset();
    inFlight.reset();
    for (const replica of replicas()) {
      const { service } = replica;
      if (replica.url !== '') serverUp.set({ service, url: replica.url }, replica.up ? 1 : 0);
      inFlight.set({ service, replica: replica.replica }, replica.inFlight);
    }
  }

  return {
    configApplied: (atMs) => {
      reloads.inc();
      lastReload.set(atMs / 1000);
    },
    collect: async () => {
      sample();
      const families = await registry.getMetricsAsJSON();
      // Only one part holds these, so what cannot be merged (process_start_time_seconds) need not be left out.
      return families.map((family) => ({ ...family, aggregator: 'first' }));
    },
  };
}
