// Where a service is shown: replicas name those of TCP so that they differ from those of HTTP.

const TCP_SUFFIX = ' (tcp)';

/** The name under which replicas know a TCP service. */
export const tcpServiceName = (name: string): string => `${name}${TCP_SUFFIX}`;

/** The place of the service that a replica names. */
export const placeOfService = (service: string): readonly string[] =>
  service.endsWith(TCP_SUFFIX) ? ['tcp'] : ['services', service];
