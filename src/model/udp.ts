// UDP routers and services as a user writes them: Traefik's options under Traefik's names. Source: Traefik v3.7 "UDP
// Routers" and "UDP Services" references.
import type { Static } from 'typebox';
import { integer, optional, section, sectionList, text, textList } from './fields.ts';

/** A router as labels and files write it. */
export const udpRouterSchema = section(
  {
    entryPoints: optional(
      textList({ description: 'UDP entry points that it listens on; all of them if absent.' }),
    ),
    service: optional(text({ description: 'UDP service by name or name@provider.' })),
  },
  {
    description: 'Connects UDP entry points to a service. Datagrams have nothing that a rule could look at.',
  },
);

const serverWeight = integer({
  description: 'Share of the sessions relative to the others. Berth’s own.',
  default: 1,
});

const udpServerSchema = section(
  {
    port: optional(text({ description: 'Port of the container; the lowest exposed UDP one if absent.' })),
    weight: optional(serverWeight),
  },
  { description: 'The server that this container is.', only: 'labels' },
);

const udpServersSchema = sectionList(
  section(
    { address: optional(text({ description: 'Host and port.' })), weight: optional(serverWeight) },
    { description: 'A server.' },
  ),
  { description: 'All servers.', only: 'files' },
);

const udpLoadBalancerSchema = section(
  { server: optional(udpServerSchema), servers: optional(udpServersSchema) },
  { description: 'Spreads sessions over the servers of all containers that declare this service.' },
);

/** A service as labels and files write it. */
export const udpServiceSchema = section(
  { loadBalancer: optional(udpLoadBalancerSchema) },
  { description: 'Where datagrams go.' },
);

/** A router, decoded. */
export type UdpRouterOptions = Static<typeof udpRouterSchema>;
/** A service, decoded. */
export type UdpServiceOptions = Static<typeof udpServiceSchema>;
/** A load balancer without its servers, which become replicas. */
export type UdpBalancingOptions = Omit<Static<typeof udpLoadBalancerSchema>, 'server' | 'servers'>;

/** How a UDP object is called where it stands beside those of other protocols; see `tcpName`. */
export function udpName(name: string): string {
  return `${name} (udp)`;
}
