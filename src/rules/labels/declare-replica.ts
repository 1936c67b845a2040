// The server that a container is behind one of its services: port, address, state.
import type { ContainerRecord } from '../../model/container.ts';
import type { Replica, ReplicaState } from '../../model/replica.ts';
import type { ServerOptions } from '../../model/service.ts';
import { chooseAddress } from './choose-address.ts';
import { choosePort } from './choose-port.ts';
import type { LabelNames } from './label-names.ts';
import type { LabelOptions } from './label-options.ts';
import type { Note } from './label-report.ts';

/** The server, and what is to be said of it. */
export type ReplicaDeclaration = {
  /** Absent with an error among the notes. */
  readonly replica?: Replica;
  readonly notes: readonly Note[];
};

/** What labels say of a server; `scheme` is that of its address. */
export type LabelledServer = Omit<ServerOptions, 'scheme'> & { readonly scheme?: string };

/** As many characters of an id as Docker shows; they tell containers of one Engine apart. */
const shownIdLength = 12;

/** Makes the replica of a container for one service; what stands in its way becomes notes. */
export function declareReplica(
  record: ContainerRecord,
  service: string,
  server: LabelledServer,
  network: string | undefined,
  options: LabelOptions,
  names: LabelNames,
): ReplicaDeclaration {
  const { notes, weight } = checkWeight(server.weight);
  const common = {
    weight,
    preservePath: server.preservePath ?? false,
    state: replicaState(record),
    since: record.since,
    container: { id: record.id, name: record.name },
  };
  if (server.url !== undefined && server.url !== '') {
    const found = checkUrl(server);
    if (typeof found !== 'string') return { notes: [...notes, found] };
    return { notes, replica: { id: found, url: found, ...common } };
  }
  const choice = choosePort(record, server.port, service, names);
  if (choice.note !== undefined) notes.push(choice.note);
  if (choice.port === undefined) return { notes };
  const address = chooseAddress(record, network, choice.port, {
    ...options,
    networkLabel: () => names.own('docker.network'),
  });
  if (address.note !== undefined) notes.push(address.note);
  if (address.note?.severity === 'error') return { notes };
  const id = `${record.id.slice(0, shownIdLength)}:${choice.port}`;
  if (address.host === undefined) return { notes, replica: { id, ...common } };
  const url = `${server.scheme ?? 'http'}://${address.host}:${address.port ?? choice.port}`;
  return { notes, replica: { id, url, ...common } };
}

/** What a container's state means for requests. */
export function replicaState(record: Pick<ContainerRecord, 'state' | 'health' | 'stopping'>): ReplicaState {
  const { state, health } = record;
  if (state === 'exited' || state === 'dead' || state === 'removing') return 'stopped';
  if (record.stopping) return 'stopping';
  if (state === 'paused') return 'paused';
  if (state === 'created' || state === 'restarting') return 'starting';
  return health === 'starting' || health === 'unhealthy' ? health : 'ready';
}

function checkWeight(weight: number | undefined): { notes: Note[]; weight: number } {
  if (weight === undefined || weight > 0) return { notes: [], weight: weight ?? 1 };
  const note: Note = {
    severity: 'warning',
    code: 'bad-value',
    message: `With the weight ${weight} the server gets no requests.`,
    hint: 'Write a weight of 1 or more.',
  };
  return { notes: [note], weight: 0 };
}

/** The URL as replicas carry it, or what is wrong with it. */
function checkUrl({ url = '', port, scheme }: LabelledServer): string | Note {
  if (port !== undefined || scheme !== undefined) {
    return urlFault(
      'loadbalancer.server.url excludes server.port and server.scheme.',
      'Keep either the URL, or port and scheme.',
    );
  }
  const parsed = URL.parse(url.replace(/^h2c:/i, 'http:'));
  if (parsed === null || !/^(https?|h2c):\/\//i.test(url) || parsed.hostname === '') {
    return urlFault(
      'loadbalancer.server.url is no URL of a server.',
      'Write a URL such as http://10.0.0.5:8080.',
    );
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    return urlFault(
      'loadbalancer.server.url holds a user, a query or a fragment, which cannot be used.',
      'Write scheme, host, port and path only.',
    );
  }
  const protocol = /^h2c:/i.test(url) ? 'h2c:' : parsed.protocol;
  const explicitPort = parsed.port || (protocol === 'https:' ? '443' : '80');
  return `${protocol}//${parsed.hostname}:${explicitPort}${parsed.pathname}`.replace(/\/+$/, '');
}

function urlFault(message: string, hint: string): Note {
  return { severity: 'error', code: 'bad-value', message, hint };
}
