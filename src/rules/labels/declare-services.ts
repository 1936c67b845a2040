// The services of a container. One without service labels has one, named after it (Traefik v3.7,
// provider/configuration.go, BuildServiceConfiguration's default).
import type { ContainerRecord } from '../../model/container.ts';
import type { WithReplicas } from '../../model/provider-config.ts';
import type { BalancingOptions, ServiceOptions } from '../../model/service.ts';
import { type TcpServiceOptions, tcpName } from '../../model/tcp.ts';
import { type UdpServiceOptions, udpName } from '../../model/udp.ts';
import {
  type Declarer,
  type Definition,
  fingerprintOf,
  type ReplicaOfDefinition,
  type ServiceDefinition,
  type TcpServiceDefinition,
  type UdpServiceDefinition,
} from '../declare/declarations.ts';
import { compositeOf, declareComposite } from '../declare/declare-composite.ts';
import type { ObjectReport } from '../declare/object-report.ts';
import { declareReplica, type LabelledServer } from './declare-replica.ts';
import type { LabelOptions } from './label-options.ts';
import type { ReadLabels } from './read-labels.ts';

type Labels = Pick<ReadLabels, 'tree' | 'traceOf' | 'names'>;

/** The services under their names, each with the container as its replica, but for services over services. */
export function declareServices(
  record: ContainerRecord,
  services: ReadonlyMap<string, ServiceOptions>,
  labels: Labels,
  declarer: Declarer,
  report: ObjectReport,
  options: LabelOptions,
): ServiceDefinition[] {
  return [...services].map(([name, service]) => {
    const composite = compositeOf(service);
    if (composite !== undefined) {
      return declareComposite(name, service, composite, declarer, report, labels.traceOf('service', name));
    }
    const { server = {}, ...rest } = service.loadBalancer ?? {};
    const { middlewares } = service;
    const balancing: BalancingOptions = { ...rest, ...(middlewares === undefined ? {} : { middlewares }) };
    return declareService(
      record,
      { name, shownAs: name, server, balancing },
      labels,
      declarer,
      report,
      options,
    );
  });
}

/** The same for TCP: what a server speaks becomes the scheme of its address. */
export function declareTcpServices(
  record: ContainerRecord,
  services: ReadonlyMap<string, TcpServiceOptions>,
  { tree, tcp }: ReadLabels,
  declarer: Declarer,
  report: ObjectReport,
  options: LabelOptions,
): TcpServiceDefinition[] {
  return [...services].map(([name, { loadBalancer = {} }]) => {
    const { server: { tls, ...own } = {}, servers: _, ...balancing } = loadBalancer;
    const server = { scheme: tls === true ? 'tls' : 'tcp', ...own };
    const service = { name, shownAs: tcpName(name), server, balancing };
    return declareService(record, service, { tree, ...tcp }, declarer, report, options);
  });
}

/** The same for UDP. */
export function declareUdpServices(
  record: ContainerRecord,
  services: ReadonlyMap<string, UdpServiceOptions>,
  { tree, udp }: ReadLabels,
  declarer: Declarer,
  report: ObjectReport,
  options: LabelOptions,
): UdpServiceDefinition[] {
  return [...services].map(([name, { loadBalancer = {} }]) => {
    const { server = {}, servers: _, ...balancing } = loadBalancer;
    const service = { name, shownAs: udpName(name), server: { scheme: 'udp', ...server }, balancing };
    return declareService(record, service, { tree, ...udp }, declarer, report, options);
  });
}

type LabelledService<O> = {
  readonly name: string;
  /** In diagnostics. */
  readonly shownAs: string;
  readonly server: LabelledServer;
  readonly balancing: O;
};

function declareService<O>(
  record: ContainerRecord,
  { name, shownAs, server, balancing }: LabelledService<O>,
  { tree, traceOf, names }: Labels,
  declarer: Declarer,
  report: ObjectReport,
  options: LabelOptions,
): Definition<WithReplicas<O>> & ReplicaOfDefinition {
  const faults = report.of('service', shownAs).slice();
  const { notes, replica } = declareReplica(record, name, server, tree.docker?.network, options, names);
  for (const note of notes) report.add({ kind: 'service', name: shownAs }, note);
  const replicaFaults = report.of('service', shownAs).slice(faults.length);
  return {
    name,
    declarer,
    fingerprint: fingerprintOf(balancing, faults),
    faults,
    replicaFaults,
    ...(replica === undefined ? {} : { replica }),
    alone: {
      name,
      options: balancing,
      origins: [record.name],
      faults: [...faults, ...replicaFaults],
      ...traceOf('service', name),
      replicas: replica === undefined ? [] : [replica],
    },
  };
}
