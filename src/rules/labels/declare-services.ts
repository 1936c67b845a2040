// The services of a container. One without service labels has one, named after it (Traefik v3.7,
// provider/configuration.go, BuildServiceConfiguration's default).
import type { ContainerRecord } from '../../model/container.ts';
import type { LoadBalancerOptions, ServiceOptions } from '../../model/service.ts';
import { type Declarer, fingerprintOf, type ServiceDefinition } from './declarations.ts';
import { declareReplica } from './declare-replica.ts';
import type { LabelOptions } from './label-options.ts';
import type { LabelReport } from './label-report.ts';
import type { ReadLabels } from './read-labels.ts';

/** The services under their names, each with the container as its replica. */
export function declareServices(
  record: ContainerRecord,
  services: ReadonlyMap<string, ServiceOptions>,
  { tree, labelsOf, names }: Pick<ReadLabels, 'tree' | 'labelsOf' | 'names'>,
  declarer: Declarer,
  report: LabelReport,
  options: LabelOptions,
): ServiceDefinition[] {
  return [...services].map(([name, { loadBalancer = {} }]) => {
    const { server = {}, ...rest } = loadBalancer;
    const loadBalancerOptions: Omit<LoadBalancerOptions, 'server'> = rest;
    const faults = report.of('service', name).slice();
    const { notes, replica } = declareReplica(record, name, server, tree.docker?.network, options, names);
    const object = { kind: 'service' as const, name };
    for (const note of notes) report.add(object, note);
    const replicaFaults = report.of('service', name).slice(faults.length);
    return {
      name,
      declarer,
      fingerprint: fingerprintOf(loadBalancerOptions, faults),
      faults,
      replicaFaults,
      ...(replica === undefined ? {} : { replica }),
      alone: {
        name,
        options: loadBalancerOptions,
        origins: [record.name],
        faults: [...faults, ...replicaFaults],
        labels: labelsOf('service', name),
        replicas: replica === undefined ? [] : [replica],
      },
    };
  });
}
