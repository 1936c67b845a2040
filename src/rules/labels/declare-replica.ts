// The server that a container is behind one of its services: port, address, state.
import type { ContainerRecord } from '../../model/container.ts';
import type { Replica, ReplicaState } from '../../model/replica.ts';
import type { ServerOptions } from '../../model/service.ts';
import { checkWeight, toServerUrl } from '../declare/check-server.ts';
import type { Note } from '../declare/object-report.ts';
import { chooseAddress } from './choose-address.ts';
import { choosePort } from './choose-port.ts';
import type { LabelNames } from './label-names.ts';
import type { LabelOptions } from './label-options.ts';

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
    const found =
      server.port === undefined && server.scheme === undefined
        ? toServerUrl(server.url, 'loadbalancer.server.url')
        : excludedByUrl;
    if (typeof found !== 'string') return { notes: [...notes, found] };
    return { notes, replica: { id: found, url: found, ...common } };
  }
  const protocol = server.scheme === 'udp' ? 'udp' : 'tcp';
  const choice = choosePort(record, server.port, service, names, protocol);
  if (choice.note !== undefined) notes.push(choice.note);
  if (choice.port === undefined) return { notes };
  const address = chooseAddress(record, network, choice.port, {
    ...options,
    networkLabel: () => names.own('docker.network'),
    protocol,
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

const excludedByUrl: Note = {
  severity: 'error',
  code: 'bad-value',
  message: 'loadbalancer.server.url excludes server.port and server.scheme.',
  hint: 'Keep either the URL, or port and scheme.',
};
