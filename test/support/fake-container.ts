// A container of the fake Engine, and how Engine API 1.41 shows it in a list and in an inspection.
import { createHash } from 'node:crypto';

export type FakeContainer = {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead';
  /** Absent: the image has no HEALTHCHECK. */
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
  /** Exposed TCP ports. */
  readonly ports: readonly number[];
  /** Address by network. */
  readonly networks: Readonly<Record<string, string>>;
  readonly networkMode: string;
  readonly stopSignal?: string;
  /** Seconds. */
  readonly stopTimeout?: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
};

export type FakeContainerOptions = Partial<FakeContainer> & { readonly name: string };

/** A running container on the default bridge with port 80, unless said otherwise. */
export function fakeContainer(options: FakeContainerOptions): FakeContainer {
  const now = Date.now();
  return {
    id: createHash('sha256').update(options.name).digest('hex'),
    image: 'app:latest',
    labels: {},
    state: 'running',
    ports: [80],
    networks: { bridge: '172.17.0.2' },
    networkMode: 'default',
    createdAt: now,
    startedAt: now,
    finishedAt: 0,
    ...options,
  };
}

/** Its row in GET /containers/json. */
export function toListed(container: FakeContainer): object {
  const running = container.state === 'running' || container.state === 'paused';
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.image,
    ImageID: 'sha256:0',
    Command: 'app',
    Created: Math.floor(container.createdAt / 1_000),
    Ports: running ? container.ports.map((PrivatePort) => ({ PrivatePort, Type: 'tcp' })) : [],
    Labels: container.labels,
    State: container.state,
    Status: statusText(container),
    HostConfig: { NetworkMode: container.networkMode },
    NetworkSettings: { Networks: networksOf(container) },
    Mounts: [],
  };
}

/** Its answer to GET /containers/{id}/json. */
export function toInspected(container: FakeContainer): object {
  const ports = Object.fromEntries(container.ports.map((port) => [`${port}/tcp`, null]));
  const running = container.state === 'running' || container.state === 'paused';
  return {
    Id: container.id,
    Name: `/${container.name}`,
    Created: new Date(container.createdAt).toISOString(),
    State: {
      Status: container.state,
      StartedAt: isoTime(container.startedAt),
      FinishedAt: isoTime(container.finishedAt),
      ...(container.health === undefined ? {} : { Health: { Status: container.health, FailingStreak: 0 } }),
    },
    Config: {
      Image: container.image,
      Labels: container.labels,
      ExposedPorts: Object.fromEntries(container.ports.map((port) => [`${port}/tcp`, {}])),
      ...(container.stopSignal === undefined ? {} : { StopSignal: container.stopSignal }),
      ...(container.stopTimeout === undefined ? {} : { StopTimeout: container.stopTimeout }),
    },
    HostConfig: { NetworkMode: container.networkMode },
    NetworkSettings: { Ports: running ? ports : {}, Networks: networksOf(container) },
  };
}

function statusText({ state, health }: FakeContainer): string {
  if (state === 'paused') return 'Up 2 minutes (Paused)';
  if (state !== 'running') return state === 'created' ? 'Created' : 'Exited (137) 2 minutes ago';
  if (health === undefined) return 'Up 2 minutes';
  return `Up 2 minutes (${health === 'starting' ? 'health: starting' : health})`;
}

function networksOf({ networks, state }: FakeContainer): object {
  const running = state === 'running' || state === 'paused';
  return Object.fromEntries(
    Object.entries(networks).map(([name, address]) => [
      name,
      { NetworkID: `net-${name}`, IPAddress: running ? address : '', GlobalIPv6Address: '' },
    ]),
  );
}

function isoTime(ms: number): string {
  return ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString();
}
