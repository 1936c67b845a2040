// Services that list their servers, as files write them. A faulty server is left out, as long as another one is left.
import type { Replica } from '../../model/replica.ts';
import type { ServiceOptions } from '../../model/service.ts';
import { type TcpServiceOptions, tcpName } from '../../model/tcp.ts';
import { type UdpServiceOptions, udpName } from '../../model/udp.ts';
import { checkWeight, toServerUrl, toSocketUrl } from './check-server.ts';
import {
  fingerprintOf,
  hasError,
  type ServiceDefinition,
  type TcpServiceDefinition,
  type UdpServiceDefinition,
} from './declarations.ts';
import { compositeOf, declareComposite } from './declare-composite.ts';
import type { Note } from './object-report.ts';
import type { TreeContext } from './tree-source.ts';

/** The HTTP services of a source under their names. */
export function declareListedServices(
  services: Readonly<Record<string, ServiceOptions>>,
  context: TreeContext,
): ServiceDefinition[] {
  return Object.entries(services).map(([name, service]) => {
    const { declarer, report, written } = context;
    const composite = compositeOf(service);
    if (composite !== undefined) {
      const trace = written.http.traceOf('service', name);
      return declareComposite(name, service, composite, declarer, report, trace);
    }
    const { loadBalancer, middlewares } = service;
    const { servers, server: _, ...rest } = loadBalancer ?? {};
    const balancing = { ...rest, ...(middlewares === undefined ? {} : { middlewares }) };
    const found = (servers ?? []).map(({ url = '', weight, preservePath = false }) => ({
      ...checkWeight(weight),
      url: toServerUrl(url, 'The url'),
      preservePath,
    }));
    return declareService({ name, protocol: 'http', shownAs: name, balancing, found }, loadBalancer, context);
  });
}

/** The TCP services of a source under their names. */
export function declareListedTcpServices(
  services: Readonly<Record<string, TcpServiceOptions>>,
  context: TreeContext,
): TcpServiceDefinition[] {
  return Object.entries(services).map(([name, { loadBalancer }]) => {
    const { servers, server: _, ...balancing } = loadBalancer ?? {};
    const found = (servers ?? []).map(({ address = '', tls = false, weight }) => ({
      ...checkWeight(weight),
      url: toSocketUrl(address, tls ? 'tls' : 'tcp', 'The address'),
      preservePath: false,
    }));
    const service = { name, protocol: 'tcp' as const, shownAs: tcpName(name), balancing, found };
    return declareService(service, loadBalancer, context);
  });
}

/** The UDP services of a source under their names. */
export function declareListedUdpServices(
  services: Readonly<Record<string, UdpServiceOptions>>,
  context: TreeContext,
): UdpServiceDefinition[] {
  return Object.entries(services).map(([name, { loadBalancer }]) => {
    const { servers, server: _, ...balancing } = loadBalancer ?? {};
    const found = (servers ?? []).map(({ address = '', weight }) => ({
      ...checkWeight(weight),
      url: toSocketUrl(address, 'udp', 'The address'),
      preservePath: false,
    }));
    const service = { name, protocol: 'udp' as const, shownAs: udpName(name), balancing, found };
    return declareService(service, loadBalancer, context);
  });
}

type FoundServer = Pick<Replica, 'weight' | 'preservePath'> & {
  readonly url: string | Note;
  readonly notes: readonly Note[];
};

type ListedService<O> = {
  readonly name: string;
  readonly protocol: 'http' | 'tcp' | 'udp';
  /** In diagnostics. */
  readonly shownAs: string;
  readonly balancing: O;
  readonly found: readonly FoundServer[];
};

function declareService<O>(
  { name, protocol, shownAs, balancing, found }: ListedService<O>,
  loadBalancer: object | undefined,
  { declarer, report, since, written, placesOf }: TreeContext,
) {
  const object = { kind: 'service' as const, name: shownAs };
  const usable = found.filter(({ url }) => typeof url === 'string');
  for (const [index, { url, notes }] of found.entries()) {
    const path = [protocol, 'services', name, 'loadBalancer', `servers[${index}]`];
    const all = typeof url === 'string' ? notes : [...notes, { ...url, ...softenedBy(usable.length) }];
    for (const note of all) report.add(object, { ...note, ...placesOf(path) });
  }
  if (loadBalancer === undefined && !hasError(report.of('service', shownAs))) {
    report.add(object, {
      severity: 'error',
      code: 'bad-value',
      message: `The service ${name} has no kind.`,
      hint: `Set ${written[protocol].names.of('service', name, 'loadBalancer')}.`,
      ...placesOf([protocol, 'services', name]),
    });
  }
  const faults = report.of('service', shownAs);
  // Servers of one address are one server, as in Traefik.
  const replicas = new Map(
    usable.map(({ url, weight, preservePath }) => {
      const id = String(url);
      return [id, { id, url: id, weight, preservePath, state: 'ready' as const, since }];
    }),
  );
  return {
    name,
    declarer,
    fingerprint: fingerprintOf([balancing, found], faults),
    faults,
    replicaFaults: [],
    alone: {
      name,
      options: balancing,
      origins: [declarer.name],
      faults,
      ...written[protocol].traceOf('service', name),
      replicas: [...replicas.values()],
    },
  };
}

/** As long as a server is left, a faulty one is no reason to stop the service. */
function softenedBy(left: number): Pick<Note, 'severity'> {
  return { severity: left > 0 ? 'warning' : 'error' };
}
