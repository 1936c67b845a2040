// A service as a user writes it: Traefik's load-balancer options under Traefik's names. Source: Traefik v3.7
// "HTTP Services" reference. Durations are milliseconds once decoded.
import type { Static } from 'typebox';
import { compositeSchemas } from './composite-service.ts';
import {
  choice,
  duration,
  flag,
  integer,
  optional,
  section,
  sectionList,
  text,
  textList,
  textMap,
} from './fields.ts';
import { stickySchema } from './sticky-schema.ts';

const serverFields = {
  port: optional(
    text({ description: 'Port of the container; the lowest exposed one if absent.', only: 'labels' }),
  ),
  scheme: optional(
    choice(['http', 'https', 'h2c'], {
      description: 'Protocol spoken with the server.',
      default: 'http',
      only: 'labels',
    }),
  ),
  url: optional(
    text({ description: 'Full URL in place of the container’s address; excludes port and scheme.' }),
  ),
  weight: optional(integer({ description: 'Share of the requests relative to the others.', default: 1 })),
  preservePath: optional(
    flag({ description: 'Put the path of the URL in front of the request’s path.', default: false }),
  ),
};

const serverSchema = section(serverFields, {
  description: 'The server that this container is.',
  only: 'labels',
});
const serversSchema = sectionList(section(serverFields, { description: 'A server.' }), {
  description: 'All servers.',
  only: 'files',
});

const healthCheckSchema = section(
  {
    path: optional(text({ description: 'Path (and query) that is asked. Required for the http mode.' })),
    scheme: optional(
      choice(['http', 'https'], { description: 'Scheme of the probe; the server’s if absent.' }),
    ),
    mode: optional(choice(['http', 'grpc'], { description: 'Protocol of the probe.', default: 'http' })),
    method: optional(text({ description: 'Method of the probe.', default: 'GET' })),
    status: optional(integer({ description: 'Expected status; 0 means 200–399.', default: 0 })),
    port: optional(integer({ description: 'Port of the probe; the server’s if absent.' })),
    hostname: optional(text({ description: 'Host field of the probe; the server’s address if absent.' })),
    interval: optional(
      duration({ description: 'Time between probes of a healthy server.', default: 30_000 }),
    ),
    unhealthyInterval: optional(
      duration({ description: 'Time between probes of an unhealthy server; `interval` if absent.' }),
    ),
    timeout: optional(duration({ description: 'Time limit of one probe.', default: 5_000 })),
    followRedirects: optional(flag({ description: 'Whether the probe follows redirects.', default: true })),
    headers: optional(textMap({ description: 'Header fields of the probe.', secret: true })),
  },
  { description: 'Active health check: only servers that pass it get requests.' },
);

const loadBalancerSchema = section(
  {
    server: optional(serverSchema),
    servers: optional(serversSchema),
    strategy: optional(
      choice(['wrr', 'p2c', 'hrw', 'leasttime'], { description: 'How a server is picked.', default: 'wrr' }),
    ),
    passHostHeader: optional(
      flag({ description: 'Whether the client’s Host field is passed on.', default: true }),
    ),
    serversTransport: optional(text({ description: 'Name of the servers transport.', notYet: true })),
    responseForwarding: optional(
      section(
        {
          flushInterval: optional(
            duration({
              description: 'Accepted for compatibility: Berth never delays a response body.',
              default: 100,
            }),
          ),
        },
        { description: 'How response bodies are forwarded.' },
      ),
    ),
    sticky: optional(stickySchema),
    healthCheck: optional(healthCheckSchema),
    passiveHealthCheck: optional(
      section(
        {
          failureWindow: optional(
            duration({
              description: 'Time within which failures count, and for which a server is left out.',
              default: 10_000,
            }),
          ),
          maxFailedAttempts: optional(
            integer({ description: 'So many failures in a row leave a server out.', default: 1 }),
          ),
        },
        { description: 'Leaves servers out whose answers to real requests are failures.' },
      ),
    ),
  },
  { description: 'Spreads requests over the servers of all containers that declare this service.' },
);

/** As labels and files write it. */
export const serviceSchema = section(
  {
    loadBalancer: optional(loadBalancerSchema),
    mirroring: optional(compositeSchemas.mirroring),
    weighted: optional(compositeSchemas.weighted),
    highestRandomWeight: optional(compositeSchemas.highestRandomWeight),
    failover: optional(compositeSchemas.failover),
    middlewares: optional(
      textList({ description: 'Middlewares by name or name@provider, run after those of the router.' }),
    ),
  },
  { description: 'Where requests go.' },
);

/** Decoded. */
export type ServiceOptions = Static<typeof serviceSchema>;
/** Its load balancer. */
export type LoadBalancerOptions = Static<typeof loadBalancerSchema>;
/** Its active health check; lengths of time in milliseconds. */
export type HealthCheckOptions = Static<typeof healthCheckSchema>;
/** When a server is left out because of its answers; lengths of time in milliseconds. */
export type PassiveHealthCheckOptions = NonNullable<LoadBalancerOptions['passiveHealthCheck']>;
/** One server. */
export type ServerOptions = Static<typeof serverSchema>;
/** A load balancer without its servers, which become replicas, and with the middlewares of its service. */
export type BalancingOptions = Omit<LoadBalancerOptions, 'server' | 'servers'> &
  Pick<ServiceOptions, 'middlewares'>;
