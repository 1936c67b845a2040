// Services of the gateway itself, which routers name as `api@internal` (Traefik v3.7, "Internal services"). The control plane
// answers for all of them but `noop`, on a port of its own that takes requests of this gateway's workers only.

/** All of them, without their provider. */
export const internalServices = ['api', 'dashboard', 'ping', 'prometheus', 'noop'] as const;
/** One of them. */
export type InternalService = (typeof internalServices)[number];

/** The provider in their names. */
export const internalProvider = 'internal';

/** How a replica of such a service is addressed: its origin leads to the control plane. */
export function internalServiceUrl(service: InternalService): string {
  return `${internalScheme}//${service}`;
}

/** The scheme of such addresses. No label can write it: servers are http, https and h2c. */
export const internalScheme = 'internal:';

/** Whether a qualified name is that of such a service. */
export function isInternalService(name: string): boolean {
  return name.endsWith(`@${internalProvider}`);
}

/** The field by which a worker says which service is meant, behind the key that shows that it is a worker. */
export const internalField = 'X-Berth-Internal';

/** How workers reach the control plane. */
export type InternalDoor = {
  /** `http://host:port`. */
  readonly origin: string;
  /** What only this gateway's own threads know. */
  readonly key: string;
};
