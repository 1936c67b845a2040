// At which address the gateway reaches a container. Source: Traefik v3.7, provider/docker/shared.go, getIPAddress;
// where Traefik takes a network at random, the one shared with the gateway is taken, or the fault is named.
import { toUrlHost } from '../../lib/authority.ts';
import { nearestName } from '../../lib/nearest.ts';
import type { ContainerNetwork, ContainerRecord } from '../../model/container.ts';
import { listNames } from '../declare/list-names.ts';
import type { Note } from '../declare/object-report.ts';
import type { LabelOptions } from './label-options.ts';
import { composeProject } from './service-name.ts';

/** Where a container is reached, or why it is not. */
export type AddressChoice = {
  /** Host part of a URL, IPv6 in brackets. Absent with a note of an error, or while the container has none yet. */
  readonly host?: string;
  /** The published port that stands in for the container's, where the host's address is used. */
  readonly port?: number;
  readonly note?: Note;
};

type Options = Pick<LabelOptions, 'network' | 'useBindPortIP' | 'gatewayNetworks' | 'hostAddress'> & {
  /** The label that names the network, for hints. */
  readonly networkLabel: () => string;
  readonly protocol: 'tcp' | 'udp';
};

/** Addresses of a binding that name no single host: it is published on all of them (Docker, "Published ports"). */
const anyAddress: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/** Chooses the address of a container for a port. `labelled` is the network that a label names. */
export function chooseAddress(
  record: ContainerRecord,
  labelled: string | undefined,
  port: number,
  options: Options,
): AddressChoice {
  if (record.networkMode === 'host') {
    const fallback = options.gatewayNetworks === undefined ? '127.0.0.1' : 'host.docker.internal';
    return { host: options.hostAddress ?? fallback };
  }
  const bound = options.useBindPortIP ? bindingOf(record, port, options.protocol) : undefined;
  if (bound !== undefined) return bound;
  const wanted = labelled || options.network;
  return wanted === ''
    ? sharedAddress(record, options)
    : namedAddress(record, wanted, labelled === wanted ? options.networkLabel : undefined);
}

function bindingOf(
  record: ContainerRecord,
  port: number,
  protocol: 'tcp' | 'udp',
): AddressChoice | undefined {
  const binding = record.portBindings.find((one) => one.port === port && one.protocol === protocol);
  // Traefik falls back on the container's own address for a binding to all addresses.
  if (binding === undefined || anyAddress.has(binding.hostIp)) return undefined;
  return { host: toUrlHost(binding.hostIp), port: binding.hostPort };
}

/** `networkLabel`: the one that names the network, where one does. */
function namedAddress(
  record: ContainerRecord,
  wanted: string,
  networkLabel: (() => string) | undefined,
): AddressChoice {
  const network = record.networks.find(({ name }) => name === wanted);
  if (network !== undefined) return addressIn(record, network);
  if (record.networks.length === 0 && isInBetween(record)) return {};
  const names = record.networks.map(({ name }) => name);
  const label = networkLabel?.();
  // Compose puts the project in front of the names of its networks, which labels tend to leave out.
  const prefixed = `${composeProject(record) ?? ''}_${wanted}`;
  const near = names.includes(prefixed) ? prefixed : nearestName(wanted, names);
  return fault(
    `The container is not in the network ${wanted}, but in ${listNames(names)}.`,
    near === undefined ? `Connect it to ${wanted}, or name another network.` : `Did you mean ${near}?`,
    label === undefined
      ? {}
      : { label: `${label}=${wanted}`, ...(near === undefined ? {} : { fix: `${label}=${near}` }) },
  );
}

function sharedAddress(record: ContainerRecord, { gatewayNetworks, networkLabel }: Options): AddressChoice {
  const shared = record.networks
    .filter(({ name }) => gatewayNetworks === undefined || gatewayNetworks.has(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const usable = shared.find((network) => network.ipv4 !== '' || network.ipv6 !== '') ?? shared[0];
  if (usable === undefined) return unreachable(record, gatewayNetworks);
  const chosen = addressIn(record, usable);
  if (shared.length === 1 || gatewayNetworks === undefined || chosen.note !== undefined) return chosen;
  const names = shared.map(({ name }) => name);
  return {
    ...chosen,
    note: {
      severity: 'info',
      code: 'ambiguous-network',
      message: `Gateway and container share the networks ${listNames(names)}; ${usable.name} is used.`,
      hint: `Set ${networkLabel()} to choose another one.`,
    },
  };
}

function unreachable(
  record: ContainerRecord,
  gatewayNetworks: ReadonlySet<string> | undefined,
): AddressChoice {
  const names = record.networks.map(({ name }) => name);
  if (names.length === 0 && record.networkMode !== 'none' && isInBetween(record)) return {};
  if (names.length === 0 || record.networkMode === 'none') {
    return fault('The container is in no network.', 'Give it a network that the gateway is in too.');
  }
  const own = [...(gatewayNetworks ?? [])].sort();
  const [example] = own;
  const hint =
    example === undefined
      ? 'Connect the gateway to one of these networks.'
      : `Connect the container to ${example} (docker network connect ${example} ${record.name}), or the gateway to ${names[0]}.`;
  return fault(
    `Gateway and container share no network: the gateway is in ${listNames(own)}, the container in ${listNames(names)}.`,
    hint,
  );
}

function addressIn(record: ContainerRecord, network: ContainerNetwork): AddressChoice {
  const address = network.ipv4 || network.ipv6;
  if (address !== '') return { host: toUrlHost(address) };
  if (isInBetween(record)) return {};
  return fault(
    `The container has no address in the network ${network.name}.`,
    'Look at the driver of the network: the gateway needs one that gives containers addresses, such as bridge.',
  );
}

/** The Engine connects a container as it starts, and disconnects it as it stops: having no address then is no fault. */
function isInBetween({ state, stopping }: ContainerRecord): boolean {
  return stopping || (state !== 'running' && state !== 'paused');
}

function fault(message: string, hint: string, label: Pick<Note, 'label' | 'fix'> = {}): AddressChoice {
  return { note: { severity: 'error', code: 'network-unreachable', message, hint, ...label } };
}
