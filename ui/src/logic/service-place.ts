// Where a service is shown: replicas name those of TCP and UDP so that they differ from those of HTTP.

const SUFFIXES = { tcp: ' (tcp)', udp: ' (udp)' } as const;

/** The name under which replicas know a service of this protocol. */
export const replicasName = (protocol: keyof typeof SUFFIXES, name: string): string =>
  `${name}${SUFFIXES[protocol]}`;

/** The place of the service that a replica names. */
export function placeOfService(service: string): readonly string[] {
  const [protocol] = Object.entries(SUFFIXES).find(([, suffix]) => service.endsWith(suffix)) ?? [];
  return protocol === undefined ? ['services', service] : [protocol];
}
