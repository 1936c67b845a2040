// What the Engine says of a container → ContainerRecord, and what only the provider needs besides. Pure.
import { constants } from 'node:os';
import type {
  ContainerHealth,
  ContainerNetwork,
  ContainerPort,
  ContainerRecord,
  ContainerState,
  PortBinding,
} from '../../../model/container.ts';
import type { RawInspected, RawListed, RawNetworks } from './engine-answers.ts';

/** One reading. `record.since` and `record.stopping` are only a first guess: the inventory knows what was before. */
export type ContainerFacts = {
  readonly record: ContainerRecord;
  /** Read by inspection: ports, stop signal and times are known. A row of a list lacks them. */
  readonly complete: boolean;
  /** Number of the signal that `docker stop` sends; known from an inspection. */
  readonly stopSignal?: number;
  /** How long `docker stop` waits before it kills; known from an inspection where the container sets it. */
  readonly stopTimeoutMs?: number;
  /** Milliseconds since the epoch of the last start; known from an inspection. */
  readonly startedAt?: number;
};

/** Facts of a row of the list. */
export function factsFromListed(row: RawListed): ContainerFacts {
  const ports = (row.Ports ?? []).map((port) => ({
    port: port.PrivatePort ?? 0,
    protocol: toProtocol(port.Type),
    hostIp: port.IP ?? '',
    hostPort: port.PublicPort ?? 0,
  }));
  const state = toState(row.State);
  const record: ContainerRecord = {
    id: row.Id,
    name: plainName(row.Names ?? []),
    image: row.Image ?? '',
    labels: row.Labels ?? {},
    state,
    health: state === 'running' ? toHealth(row.Health?.Status ?? healthInStatus(row.Status ?? '')) : 'none',
    stopping: false,
    since: (row.Created ?? 0) * 1_000,
    ...createdAt((row.Created ?? 0) * 1_000),
    networkMode: row.HostConfig?.NetworkMode ?? '',
    networks: toNetworks(row.NetworkSettings?.Networks),
    exposedPorts: toPorts(ports),
    portBindings: toBindings(ports),
  };
  return { record, complete: false };
}

/** Facts of an inspection. */
export function factsFromInspected(info: RawInspected): ContainerFacts {
  const { Config: config, State: raw, NetworkSettings: network } = info;
  const state = toState(raw?.Status);
  const published = network?.Ports ?? {};
  const startedAt = toTime(raw?.StartedAt);
  const finishedAt = toTime(raw?.FinishedAt);
  const bindings = Object.entries(published).flatMap(([key, list]) =>
    (list ?? []).map(({ HostIp, HostPort }) => ({
      ...toPort(key),
      hostIp: HostIp ?? '',
      hostPort: Number(HostPort ?? 0),
    })),
  );
  const record: ContainerRecord = {
    id: info.Id,
    name: plainName([info.Name ?? '']),
    image: config?.Image ?? '',
    labels: config?.Labels ?? {},
    state,
    health: state === 'running' ? toHealth(raw?.Health?.Status) : 'none',
    stopping: false,
    since: (state === 'running' ? startedAt : Math.max(startedAt, finishedAt)) || Date.now(),
    ...createdAt(toTime(info.Created)),
    networkMode: info.HostConfig?.NetworkMode ?? '',
    networks: toNetworks(network?.Networks),
    exposedPorts: toPorts(
      [...Object.keys(config?.ExposedPorts ?? {}), ...Object.keys(published)].map(toPort),
    ),
    portBindings: toBindings(bindings),
  };
  return {
    record,
    complete: true,
    stopSignal: toSignal(config?.StopSignal) ?? constants.signals.SIGTERM,
    startedAt,
    ...(config?.StopTimeout == null ? {} : { stopTimeoutMs: config.StopTimeout * 1_000 }),
  };
}

/** The number of a signal written as `15`, `TERM`, `SIGTERM` or `RTMIN+3`. */
export function toSignal(written: string | undefined): number | undefined {
  if (written === undefined || written === '') return undefined;
  if (/^\d+$/.test(written)) return Number(written);
  const name = written.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RTMIN(?:\+(\d+))?$/.exec(name);
  // glibc's first real-time signal is 34; systemd containers are stopped by RTMIN+3.
  if (realTime) return 34 + Number(realTime[1] ?? 0);
  const signals: Readonly<Record<string, number>> = constants.signals;
  return Object.hasOwn(signals, `SIG${name}`) ? signals[`SIG${name}`] : undefined;
}

const states: readonly ContainerState[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];

/** A state that this version does not know means at least that it does not serve. */
function toState(written: string | undefined): ContainerState {
  return states.find((state) => state === written) ?? 'exited';
}

function toHealth(written: string | undefined): ContainerHealth {
  return written === 'starting' || written === 'healthy' || written === 'unhealthy' ? written : 'none';
}

/** Before API v1.52 a list tells the health only in its text: "Up 2 minutes (health: starting)". */
function healthInStatus(status: string): string | undefined {
  return /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(status)?.[1];
}

/** Without the slash; a name with a second slash is a link to this container, not its name. */
function plainName(names: readonly string[]): string {
  const own = names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0] ?? '';
  return own.replace(/^\//, '');
}

function toTime(written: string | undefined): number {
  const time = Date.parse(written ?? '');
  // The Engine writes "0001-01-01T00:00:00Z" for never.
  return Number.isNaN(time) ? 0 : Math.max(time, 0);
}

/** Lists give seconds only, so an inspection is rounded to them: the same container, the same time. */
function createdAt(ms: number): Pick<ContainerRecord, 'created'> {
  return ms > 0 ? { created: Math.floor(ms / 1_000) * 1_000 } : {};
}

function toNetworks(networks: RawNetworks | null | undefined): readonly ContainerNetwork[] {
  return Object.entries(networks ?? {})
    .map(([name, network]) => ({
      name,
      id: network?.NetworkID ?? '',
      ipv4: network?.IPAddress ?? '',
      ipv6: network?.GlobalIPv6Address ?? '',
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function toProtocol(written: string | undefined): ContainerPort['protocol'] {
  return written === 'udp' || written === 'sctp' ? written : 'tcp';
}

/** "8080/tcp". */
function toPort(key: string): ContainerPort {
  const [port, protocol] = key.split('/');
  return { port: Number(port), protocol: toProtocol(protocol) };
}

function toPorts(ports: readonly ContainerPort[]): readonly ContainerPort[] {
  const known = new Map(
    ports.map(({ port, protocol }) => [`${port}/${protocol}`, { port, protocol }] as const),
  );
  return [...known.values()].sort(byPort);
}

function toBindings(bindings: readonly PortBinding[]): readonly PortBinding[] {
  return bindings
    .filter(({ hostPort }) => hostPort > 0)
    .map(({ port, protocol, hostIp, hostPort }) => ({ port, protocol, hostIp, hostPort }))
    .sort((one, other) => byPort(one, other) || (one.hostIp < other.hostIp ? -1 : 1));
}

function byPort(one: ContainerPort, other: ContainerPort): number {
  return (
    one.port - other.port || (one.protocol < other.protocol ? -1 : one.protocol > other.protocol ? 1 : 0)
  );
}
