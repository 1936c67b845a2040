// One container → what it declares. Pure; never throws on labels. Only the faulty object is lost, never the container.
import type { ContainerRecord } from '../../model/container.ts';
import type { RouterOptions } from '../../model/router.ts';
import type { ServiceOptions } from '../../model/service.ts';
import { type TcpRouterOptions, type TcpServiceOptions, tcpName } from '../../model/tcp.ts';
import { type UdpRouterOptions, type UdpServiceOptions, udpName } from '../../model/udp.ts';
import {
  type Declarations,
  type Declarer,
  noObjects,
  type ServiceDefinition,
} from '../declare/declarations.ts';
import { compositeOf } from '../declare/declare-composite.ts';
import { declareMiddlewares, httpMiddlewares, tcpMiddlewares } from '../declare/declare-middlewares.ts';
import type { MiddlewareTree, TcpMiddlewareTree } from '../declare/dynamic-schema.ts';
import { listNames } from '../declare/list-names.ts';
import {
  createObjectReport,
  type NamedObject,
  type ObjectReport,
  softened,
} from '../declare/object-report.ts';
import { declareRouters, declareTcpRouters, declareUdpRouters } from './declare-routers.ts';
import { declareServices, declareTcpServices, declareUdpServices } from './declare-services.ts';
import { exposure } from './exposure.ts';
import type { LabelOptions } from './label-options.ts';
import { type ReadLabels, readLabels } from './read-labels.ts';
import { composeService, defaultServiceName, isOneOff } from './service-name.ts';

/** Everything that a container's labels declare, with the container as a replica of its services. */
export function containerToDeclarations(record: ContainerRecord, options: LabelOptions): Declarations {
  const compose = composeService(record);
  const declarer: Declarer = {
    id: record.id,
    name: record.name,
    created: record.created ?? record.since,
    ...(compose === undefined ? {} : { composeService: compose }),
  };
  const nothing = { declarer, ...noObjects };
  const report = createObjectReport(options.provider, record.name);
  const self: NamedObject = { kind: 'container', name: record.name };
  if (isOneOff(record)) {
    report.add(self, {
      severity: 'info',
      code: 'ignored',
      message: 'A container of `docker compose run` is no replica of its service, and is not routed.',
    });
    return { ...nothing, diagnostics: report.rest([]) };
  }
  const labels = readLabels(record.labels, record.name, report);
  const exposed = exposure(record, labels, report, options);
  if (exposed === 'no') return { ...nothing, diagnostics: [] };
  if (exposed === 'no, but linted') return { ...nothing, diagnostics: report.rest([]) };
  return declareAll(record, labels, declarer, labels.isLabelled ? report : softened(report), options);
}

function declareAll(
  record: ContainerRecord,
  labels: ReadLabels,
  declarer: Declarer,
  report: ObjectReport,
  options: LabelOptions,
): Declarations {
  const { tree } = labels;
  const routers = named<RouterOptions>('http', 'router', tree.http?.routers, labels);
  const services = named<ServiceOptions>('http', 'service', tree.http?.services, labels);
  const middlewares = named<MiddlewareTree>('http', 'middleware', tree.http?.middlewares, labels);
  const tcpRouters = named<TcpRouterOptions>('tcp', 'router', tree.tcp?.routers, labels);
  const tcpServices = named<TcpServiceOptions>('tcp', 'service', tree.tcp?.services, labels);
  const ofTcp = named<TcpMiddlewareTree>('tcp', 'middleware', tree.tcp?.middlewares, labels);
  const udpRouters = named<UdpRouterOptions>('udp', 'router', tree.udp?.routers, labels);
  const udpServices = named<UdpServiceOptions>('udp', 'service', tree.udp?.services, labels);
  const isHttp = routers.size + services.size + middlewares.size > 0;
  // A container that is labelled for TCP or UDP alone gets no automatic HTTP router (Traefik, provider/docker/config.go).
  const isTcp = tcpRouters.size + tcpServices.size > 0;
  const isUdp = udpRouters.size + udpServices.size > 0;
  if (isHttp || !(isTcp || isUdp)) addDefaults(record, routers, services, report);
  if (isTcp && tcpServices.size === 0) tcpServices.set(defaultServiceName(record), {});
  if (isUdp && udpServices.size === 0) udpServices.set(defaultServiceName(record), {});
  const declared = declareServices(record, services, labels, declarer, report, options);
  if (!labels.isLabelled && declared.some(({ replica }) => replica === undefined)) {
    return silently(declared, declarer);
  }
  const definitions = {
    declarer,
    services: declared,
    routers: declareRouters(record, routers, balancersOf(services), declarer, report, labels, options),
    middlewares: declareMiddlewares(httpMiddlewares, middlewares, labels, labels, declarer, report),
    tcpServices: declareTcpServices(record, tcpServices, labels, declarer, report, options),
    tcpRouters: declareTcpRouters(record, tcpRouters, [...tcpServices.keys()], declarer, report, labels.tcp),
    tcpMiddlewares: declareMiddlewares(tcpMiddlewares, ofTcp, labels, labels.tcp, declarer, report),
    udpServices: declareUdpServices(record, udpServices, labels, declarer, report, options),
    udpRouters: declareUdpRouters(record, udpRouters, [...udpServices.keys()], declarer, report, labels.udp),
  };
  const objects: NamedObject[] = [
    ...[...routers.keys()].map((name) => ({ kind: 'router' as const, name })),
    ...[...services.keys()].map((name) => ({ kind: 'service' as const, name })),
    ...[...middlewares.keys()].map((name) => ({ kind: 'middleware' as const, name })),
    ...[...tcpRouters.keys()].map((name) => ({ kind: 'router' as const, name: tcpName(name) })),
    ...[...tcpServices.keys()].map((name) => ({ kind: 'service' as const, name: tcpName(name) })),
    ...[...ofTcp.keys()].map((name) => ({ kind: 'middleware' as const, name: tcpName(name) })),
    ...[...udpRouters.keys()].map((name) => ({ kind: 'router' as const, name: udpName(name) })),
    ...[...udpServices.keys()].map((name) => ({ kind: 'service' as const, name: udpName(name) })),
  ];
  return { ...definitions, diagnostics: report.rest(objects) };
}

/**
 * Names of the services that the container serves itself. Traefik sees no others, so that services over services change
 * nothing of what is made for a container by itself.
 */
function balancersOf(services: ReadonlyMap<string, ServiceOptions>): readonly string[] {
  return [...services].filter(([, options]) => compositeOf(options) === undefined).map(([name]) => name);
}

/** The decoded objects of one kind by name, and those that only misspelt labels name. */
function named<T extends object>(
  protocol: 'http' | 'tcp' | 'udp',
  kind: NamedObject['kind'],
  decoded: Readonly<Record<string, T>> | undefined,
  { misspelt }: ReadLabels,
): Map<string, T | Record<string, never>> {
  const objects = new Map<string, T | Record<string, never>>(Object.entries(decoded ?? {}));
  for (const object of misspelt) {
    if (object.protocol === protocol && object.kind === kind && !objects.has(object.ownName)) {
      objects.set(object.ownName, {});
    }
  }
  return objects;
}

function addDefaults(
  record: ContainerRecord,
  routers: Map<string, RouterOptions>,
  services: Map<string, ServiceOptions>,
  report: ObjectReport,
): void {
  const name = defaultServiceName(record);
  if (balancersOf(services).length === 0) services.set(name, {});
  if (routers.size > 0) return;
  const balancers = balancersOf(services);
  if (balancers.length === 1) {
    routers.set(name, {});
    return;
  }
  report.add(
    { kind: 'container', name: record.name },
    {
      severity: 'info',
      code: 'ambiguous-service',
      message: `The container declares the services ${listNames(balancers)} and no router, so that none is made for it.`,
      hint: 'Declare a router for each service that shall be reached by a rule.',
    },
  );
}

/** Nobody asked for this container to be routed, so that it cannot be is worth no more than a remark. */
function silently(services: readonly ServiceDefinition[], declarer: Declarer): Declarations {
  const diagnostics = services.flatMap(({ replicaFaults }) =>
    replicaFaults.map((fault) => ({
      ...fault,
      severity: 'info' as const,
      object: { kind: 'container' as const, name: declarer.name },
    })),
  );
  return { declarer, ...noObjects, diagnostics };
}
