// Traefik's static configuration as far as Berth has it: one schema for flags, variables, files and --help.
// Source: Traefik v3.7 "Static configuration" reference. Durations are milliseconds once decoded.
import type { Static } from 'typebox';
import { entryPointSchema } from './entry-point-config.ts';
import {
  choice,
  duration,
  flag,
  integer,
  notYet,
  optional,
  section,
  sectionMap,
  text,
  textList,
  textMap,
} from './fields.ts';
import {
  dockerProviderSchema,
  fileProviderSchema,
  httpProviderSchema,
  redisProviderSchema,
} from './provider-options.ts';
import { serversTransportSchema } from './servers-transport.ts';

const accessLogSchema = section(
  {
    filePath: optional(text({ description: 'File to append to; standard output if absent.' })),
    format: optional(
      choice(['json', 'common', 'genericCLF'], {
        description: 'Format of a line; Berth writes JSON.',
        default: 'json',
      }),
    ),
    addInternals: optional(flag({ description: 'Log requests of internal services too.', notYet: true })),
    bufferingSize: notYet('Lines kept in memory.'),
    filters: notYet('Which requests are logged.'),
    fields: notYet('Which fields are logged.'),
    dualOutput: notYet('Write to file and OTLP.'),
    otlp: notYet('Send to a collector.'),
  },
  { description: 'Log every request.', allowEmpty: true },
);

/** The whole of it. */
export const startupConfigSchema = section(
  {
    entryPoints: optional(sectionMap(entryPointSchema, { description: 'Ports to listen on, by name.' })),
    providers: optional(
      section(
        {
          providersThrottleDuration: optional(
            duration({
              description:
                'Least time between two applied changes; 0 applies each at once and merges bursts.',
              default: 0,
            }),
          ),
          docker: optional(dockerProviderSchema),
          file: optional(fileProviderSchema),
          swarm: notYet('Docker Swarm.'),
          http: optional(httpProviderSchema),
          redis: optional(redisProviderSchema),
          rest: notYet('REST.'),
          consul: notYet('Consul.'),
          consulCatalog: notYet('Consul Catalog.'),
          etcd: notYet('etcd.'),
          zooKeeper: notYet('ZooKeeper.'),
          nomad: notYet('Nomad.', true),
          ecs: notYet('ECS.', true),
          kubernetesIngress: notYet('Kubernetes.', true),
          kubernetesCRD: notYet('Kubernetes.', true),
          kubernetesGateway: notYet('Kubernetes.', true),
          knative: notYet('Knative.', true),
          plugin: notYet('Plugins.'),
          precedence: optional(
            textList({
              description:
                'Providers in the order in which their routers are asked, where priorities are equal.',
            }),
          ),
        },
        { description: 'Where routes come from.' },
      ),
    ),
    api: optional(
      section(
        {
          insecure: optional(
            flag({ description: 'Serve API and dashboard on the entry point `traefik`.', default: false }),
          ),
          dashboard: optional(flag({ description: 'Serve the dashboard.', default: true })),
          basePath: optional(
            text({ description: 'Path under which API and dashboard stand.', default: '/' }),
          ),
          allowedHosts: optional(
            textList({
              description:
                'Names under which the API may be asked, besides IP addresses and localhost (guards against DNS rebinding).',
            }),
          ),
          debug: notYet('Debug endpoints.'),
          disableDashboardAd: optional(
            flag({ description: 'Accepted: there is no advertisement.', default: true }),
          ),
          dashboardName: optional(text({ description: 'Name shown in the dashboard.' })),
        },
        { description: 'API and dashboard.', allowEmpty: true },
      ),
    ),
    ping: optional(
      section(
        {
          entryPoint: optional(text({ description: 'Entry point of /ping.', default: 'traefik' })),
          manualRouting: optional(
            flag({ description: 'Serve it by routers to ping@internal only.', default: false }),
          ),
          terminatingStatusCode: optional(
            integer({ description: 'Status while it is ending.', default: 503 }),
          ),
        },
        { description: 'Answer /ping.', allowEmpty: true },
      ),
    ),
    log: optional(
      section(
        {
          level: optional(
            choice(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'PANIC'], {
              description: 'Least level logged.',
              default: 'INFO',
            }),
          ),
          format: optional(
            choice(['json', 'common'], { description: 'json lines, or text for people.', default: 'json' }),
          ),
          filePath: optional(text({ description: 'File to append to; standard output if absent.' })),
          noColor: optional(flag({ description: 'No colours in the common format.', default: false })),
          maxSize: notYet('Rotation.'),
          maxAge: notYet('Rotation.'),
          maxBackups: notYet('Rotation.'),
          compress: notYet('Rotation.'),
          otlp: notYet('Send to a collector.'),
        },
        { description: 'The gateway’s own log.' },
      ),
    ),
    accessLog: optional(accessLogSchema),
    metrics: optional(
      section(
        {
          prometheus: optional(
            section(
              {
                entryPoint: optional(text({ description: 'Entry point of /metrics.', default: 'traefik' })),
                buckets: optional(
                  textList({
                    description: 'Histogram buckets in seconds.',
                    default: ['0.1', '0.3', '1.2', '5'],
                  }),
                ),
                addEntryPointsLabels: optional(
                  flag({ description: 'Metrics by entry point.', default: true }),
                ),
                addRoutersLabels: optional(flag({ description: 'Metrics by router.', default: false })),
                addServicesLabels: optional(flag({ description: 'Metrics by service.', default: true })),
                headerLabels: optional(
                  textMap({ description: 'Labels taken from request fields.', notYet: true }),
                ),
                manualRouting: optional(
                  flag({ description: 'Serve them by routers to prometheus@internal only.', default: false }),
                ),
              },
              { description: 'Prometheus metrics.', allowEmpty: true },
            ),
          ),
          addInternals: optional(
            flag({ description: 'Count requests of internal services too.', notYet: true }),
          ),
          otlp: notYet('OTLP.', true),
          datadog: notYet('Datadog.', true),
          statsD: notYet('StatsD.', true),
          influxDB2: notYet('InfluxDB.', true),
        },
        { description: 'Metrics.' },
      ),
    ),
    workers: optional(
      integer({
        description: 'Threads that serve requests; if absent, one for each core. Berth’s own option.',
      }),
    ),
    dataPlane: optional(
      section(
        {
          lanes: optional(
            choice(['all', 'fastify'], {
              description: 'Ways for requests: the fast ones where they fit, or the complete one alone.',
              default: 'all',
            }),
          ),
        },
        { description: 'How requests are served; Berth’s own.' },
      ),
    ),
    global: optional(
      section(
        {
          checkNewVersion: optional(
            flag({ description: 'Accepted: Berth never calls home.', default: false }),
          ),
          sendAnonymousUsage: optional(
            flag({ description: 'Accepted: Berth never calls home.', default: false }),
          ),
        },
        { description: 'Accepted for compatibility.' },
      ),
    ),
    core: optional(
      section(
        {
          defaultRuleSyntax: optional(
            choice(['v3', 'v2'], { description: 'Language of rules that name none.', default: 'v3' }),
          ),
          strictTLSOptions: notYet('Disable routers whose TLS options conflict.'),
        },
        { description: 'Core settings.' },
      ),
    ),
    serversTransport: optional(serversTransportSchema),
    tcpServersTransport: notYet('Defaults towards TCP servers.'),
    certificatesResolvers: notYet('ACME.'),
    tracing: notYet('Tracing.', true),
    hostResolver: notYet('CNAME flattening.'),
    experimental: notYet('Experiments.'),
    spiffe: notYet('SPIFFE.'),
    ocsp: notYet('OCSP.', true),
  },
  { description: 'Start-up configuration.' },
);

/** As written; every part may be absent. `StartupConfig` of startup.ts is what the gateway runs with. */
export type StartupOptions = Static<typeof startupConfigSchema>;
