// A compose file as the containers that it would create, so that `check` can read their labels without an Engine.
// Follows the compose specification as far as labels, ports and networks go. Pure.
import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import type { ContainerPort, ContainerRecord, PortBinding } from '../model/container.ts';
import { interpolate } from './interpolate.ts';

/** One service as the first container that it would create. */
export type ComposeService = {
  readonly record: ContainerRecord;
  /** The service's command as words, for the gateway's own flags. */
  readonly command: readonly string[];
  /** Whether the Docker socket is mounted: then it is taken for the gateway. */
  readonly mountsSocket: boolean;
};

/** A file as far as it can be read; each fault is one sentence. */
export type ComposeFile = {
  readonly services: readonly ComposeService[];
  readonly faults: readonly string[];
};

/** The address of every container in a file: one that can never be real (RFC 5737). */
export const assumedAddress = '192.0.2.1';

/** Reads `text`. `project` is the compose project's name; `environment` fills in ${VARIABLES}. */
export function readComposeFile(
  text: string,
  project: string,
  environment: Readonly<Record<string, string | undefined>>,
): ComposeFile {
  const document = parseDocument(text, { merge: true, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) return { services: [], faults: [error.message] };
  const root = asMap(document.toJS());
  const services = asMap(root.get('services'));
  if (services.size === 0)
    return { services: [], faults: ['There is no service in the file: is it a compose file?'] };
  const names = new Map(
    [...asMap(root.get('networks'))].map(([key, value]) => [key, networkName(key, value, project)]),
  );
  const fill = (value: unknown): string => interpolate(scalar(value), environment);
  const faults: string[] = [];
  for (const [name, value] of services) {
    if (asMap(value).has('extends')) {
      faults.push(
        `Service ${name} uses extends, which is not followed: check the output of \`docker compose config\`.`,
      );
    }
  }
  return {
    services: [...services].map(([name, value]) => toService(name, asMap(value), project, names, fill)),
    faults,
  };
}

function toService(
  name: string,
  service: ReadonlyMap<string, unknown>,
  project: string,
  networkNames: ReadonlyMap<string, string>,
  fill: (value: unknown) => string,
): ComposeService {
  const networkMode = service.has('network_mode') ? fill(service.get('network_mode')) : '';
  const keys = networkMode === '' ? namesOf(service.get('networks'), 'default') : [];
  const networks = keys.map((key) => ({
    name: networkNames.get(key) ?? `${project}_${key}`,
    id: key,
    // Nothing is asked, but the rules want one.
    ipv4: assumedAddress,
    ipv6: '',
  }));
  const labels = pairsOf(service.get('labels'), fill);
  labels['com.docker.compose.project'] ??= project;
  labels['com.docker.compose.service'] ??= name;
  const volumes = asList(service.get('volumes')).map((volume) =>
    typeof volume === 'string' ? volume : scalar(asMap(volume).get('source')),
  );
  return {
    record: {
      // Replicas are told apart by the first characters of an id.
      id: createHash('sha256').update(`${project}/${name}`).digest('hex'),
      name: service.has('container_name') ? fill(service.get('container_name')) : `${project}-${name}-1`,
      image: fill(service.get('image') ?? ''),
      labels,
      state: 'running',
      health: 'none',
      stopping: false,
      since: 0,
      networkMode: networkMode === '' ? (networks[0]?.name ?? 'default') : networkMode,
      networks,
      exposedPorts: portsOf(service, fill),
      portBindings: bindingsOf(service, fill),
    },
    command: wordsOf(service.get('command')).map(fill),
    mountsSocket: volumes.some((volume) => volume.includes('docker.sock')),
  };
}

function networkName(key: string, value: unknown, project: string): string {
  const network = asMap(value);
  const external = network.get('external');
  const externalName = asMap(external).get('name');
  if (network.has('name')) return scalar(network.get('name'));
  if (externalName !== undefined) return scalar(externalName);
  return external === true ? key : `${project}_${key}`;
}

/** `expose` and the container side of `ports`, lowest first. */
function portsOf(
  service: ReadonlyMap<string, unknown>,
  fill: (value: unknown) => string,
): readonly ContainerPort[] {
  const written = [
    ...asList(service.get('expose')).map(fill),
    ...asList(service.get('ports')).map((port) =>
      port instanceof Map || (typeof port === 'object' && port !== null)
        ? `${scalar(asMap(port).get('target'))}/${scalar(asMap(port).get('protocol') ?? 'tcp')}`
        : fill(port).replace(/^.*:(?=\d)/, ''),
    ),
  ];
  const ports = new Map<string, ContainerPort>();
  for (const text of written) {
    const [, first = '', , protocol = 'tcp'] = /^(\d+)(-\d+)?(?:\/(tcp|udp|sctp))?$/.exec(text.trim()) ?? [];
    if (first === '') continue;
    ports.set(`${first}/${protocol}`, {
      port: Number(first),
      protocol: protocol as ContainerPort['protocol'],
    });
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}

/** Ports with a number outside; ranges and random ones are left out. */
function bindingsOf(
  service: ReadonlyMap<string, unknown>,
  fill: (value: unknown) => string,
): readonly PortBinding[] {
  return asList(service.get('ports')).flatMap((port): readonly PortBinding[] => {
    const long = asMap(port);
    const written =
      long.size === 0
        ? fill(port)
        : `${scalar(long.get('published'))}:${scalar(long.get('target'))}/${scalar(long.get('protocol') ?? 'tcp')}`;
    const [, hostPort = '', inside = '', protocol = 'tcp'] =
      /(?:^|:)(\d+):(\d+)(?:\/(tcp|udp|sctp))?$/.exec(written.trim()) ?? [];
    if (inside === '') return [];
    return [
      {
        hostIp: '',
        hostPort: Number(hostPort),
        port: Number(inside),
        protocol: protocol as PortBinding['protocol'],
      },
    ];
  });
}

/** Labels and the like, as a list of `key=value` or as a map. */
function pairsOf(value: unknown, fill: (value: unknown) => string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null);
  for (const entry of Array.isArray(value) ? value : []) {
    const text = fill(entry);
    const equals = text.indexOf('=');
    pairs[equals < 0 ? text : text.slice(0, equals)] = equals < 0 ? '' : text.slice(equals + 1);
  }
  for (const [key, entry] of asMap(value)) pairs[key] = fill(entry);
  return pairs;
}

function namesOf(value: unknown, fallback: string): readonly string[] {
  const names = Array.isArray(value) ? value.map(scalar) : [...asMap(value).keys()];
  return names.length === 0 ? [fallback] : names;
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(scalar) : scalar(value).split(/\s+/).filter(Boolean);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asMap(value: unknown): ReadonlyMap<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : new Map();
}

function scalar(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
