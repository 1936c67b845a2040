// The parts of the Engine's answers that are read, as they come off the wire: anything may be missing or null.
// Source: Docker Engine API v1.41 to v1.52, ContainerList, ContainerInspect and SystemEvents.

/** Networks by name. */
export type RawNetworks = Readonly<
  Record<string, { NetworkID?: string; IPAddress?: string; GlobalIPv6Address?: string } | null>
>;

/** One row of GET /containers/json. */
export type RawListed = {
  Id: string;
  Names?: readonly string[] | null;
  Image?: string;
  Created?: number;
  Labels?: Readonly<Record<string, string>> | null;
  State?: string;
  Status?: string;
  /** API v1.52 and later. */
  Health?: { Status?: string } | null;
  Ports?: readonly { IP?: string; PrivatePort?: number; PublicPort?: number; Type?: string }[] | null;
  HostConfig?: { NetworkMode?: string } | null;
  NetworkSettings?: { Networks?: RawNetworks | null } | null;
};

/** GET /containers/{id}/json. */
export type RawInspected = {
  Id: string;
  Name?: string;
  Created?: string;
  State?: {
    Status?: string;
    StartedAt?: string;
    FinishedAt?: string;
    Health?: { Status?: string } | null;
  } | null;
  Config?: {
    Image?: string;
    Labels?: Readonly<Record<string, string>> | null;
    ExposedPorts?: Readonly<Record<string, unknown>> | null;
    StopSignal?: string;
    StopTimeout?: number | null;
    Healthcheck?: { Test?: readonly string[] | null } | null;
  } | null;
  HostConfig?: { NetworkMode?: string } | null;
  NetworkSettings?: {
    Ports?: Readonly<Record<string, readonly { HostIp?: string; HostPort?: string }[] | null>> | null;
    Networks?: RawNetworks | null;
  } | null;
};

/** One line of GET /events. */
export type RawEvent = {
  Type?: string;
  Action?: string;
  Actor?: { ID?: string; Attributes?: Readonly<Record<string, string>> | null } | null;
  time?: number;
  timeNano?: number;
};

/** Whether a value from the wire is a list whose rows have an id; garbage is not. */
export function isContainerList(value: unknown): value is RawListed[] {
  return Array.isArray(value) && value.every(hasId);
}

/** Whether a value from the wire describes a container. */
export function isInspected(value: unknown): value is RawInspected {
  return hasId(value);
}

function hasId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'Id') === 'string';
}
