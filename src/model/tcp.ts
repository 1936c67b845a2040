// TCP routers and services as a user writes them: Traefik's options under Traefik's names. Source: Traefik v3.7 "TCP
// Routers" and "TCP Services" references.
import type { Static } from 'typebox';
import {
  choice,
  duration,
  flag,
  integer,
  notYetInFiles,
  optional,
  section,
  sectionList,
  text,
  textList,
} from './fields.ts';
import { tcpTlsSection } from './tls-section.ts';

/** A router as labels and files write it. */
export const tcpRouterSchema = section(
  {
    rule: optional(text({ description: 'Which connections it takes; required.' })),
    ruleSyntax: optional(choice(['v3', 'v2'], { description: 'The language of the rule.', default: 'v3' })),
    entryPoints: optional(
      textList({ description: 'Entry points that it listens on; all default ones if absent.' }),
    ),
    middlewares: optional(textList({ description: 'TCP middlewares, in the order in which they run.' })),
    service: optional(text({ description: 'TCP service by name or name@provider.' })),
    priority: optional(
      integer({
        description:
          'Higher is tried first; 0 means the length of the rule in bytes, or -1 for HostSNI(`*`).',
        default: 0,
      }),
    ),
    tls: optional(tcpTlsSection('The router takes only TLS connections when this is present.')),
  },
  { description: 'Connects a rule on entry points to a TCP service.' },
);

const serverWeight = integer({
  description: 'Share of the connections relative to the others. Berth’s own.',
  default: 1,
});

const tcpServerSchema = section(
  {
    port: optional(text({ description: 'Port of the container; the lowest exposed one if absent.' })),
    tls: optional(flag({ description: 'Speak TLS with the server.', default: false })),
    weight: optional(serverWeight),
  },
  { description: 'The server that this container is.', only: 'labels' },
);

const tcpServersSchema = sectionList(
  section(
    {
      address: optional(text({ description: 'Host and port.' })),
      tls: optional(flag({ description: 'Speak TLS with the server.', default: false })),
      weight: optional(serverWeight),
    },
    { description: 'A server.' },
  ),
  { description: 'All servers.', only: 'files' },
);

const tcpHealthCheckSchema = section(
  {
    port: optional(integer({ description: 'Port of the probe; the server’s if absent.' })),
    send: optional(text({ description: 'What is said when the connection stands; nothing if absent.' })),
    expect: optional(
      text({ description: 'What the answer must begin with; if absent, to connect is enough.' }),
    ),
    interval: optional(
      duration({ description: 'Time between probes of a healthy server.', default: 30_000 }),
    ),
    unhealthyInterval: optional(
      duration({ description: 'Time between probes of an unhealthy server; `interval` if absent.' }),
    ),
    timeout: optional(duration({ description: 'Time limit of one probe.', default: 5_000 })),
  },
  { description: 'Active health check: only servers that pass it get connections.', allowEmpty: true },
);

const tcpLoadBalancerSchema = section(
  {
    server: optional(tcpServerSchema),
    servers: optional(tcpServersSchema),
    serversTransport: optional(text({ description: 'Name of the TCP servers transport.', notYet: true })),
    proxyProtocol: optional(
      section(
        { version: optional(integer({ description: 'Version of the header, 1 or 2.', default: 2 })) },
        { description: 'Tells the server of the client by the PROXY protocol.', allowEmpty: true },
      ),
    ),
    terminationDelay: optional(
      integer({
        description:
          'Milliseconds for which a connection lives on when one side has ended; absent or negative: until the other has, too.',
      }),
    ),
    healthCheck: optional(tcpHealthCheckSchema),
  },
  { description: 'Spreads connections over the servers of all containers that declare this service.' },
);

/** A service as labels and files write it. */
export const tcpServiceSchema = section(
  {
    loadBalancer: optional(tcpLoadBalancerSchema),
    weighted: notYetInFiles('Spreads connections over services.'),
  },
  { description: 'Where connections go.' },
);

/** A router, decoded. */
export type TcpRouterOptions = Static<typeof tcpRouterSchema>;
/** A service, decoded. */
export type TcpServiceOptions = Static<typeof tcpServiceSchema>;
/** Its load balancer, the only kind of service so far. */
export type TcpLoadBalancerOptions = Static<typeof tcpLoadBalancerSchema>;
/** Its active health check; lengths of time in milliseconds. */
export type TcpHealthCheckOptions = Static<typeof tcpHealthCheckSchema>;
/** A load balancer without its servers, which become replicas. */
export type TcpBalancingOptions = Omit<TcpLoadBalancerOptions, 'server' | 'servers'>;

/**
 * How a TCP object is called where it stands beside HTTP ones, which may have the same name: in diagnostics, in counts and in
 * metrics. No name that a user chooses ends like that.
 */
export function tcpName(name: string): string {
  return `${name} (tcp)`;
}
