// What the API shows of a service over services: its kind's options as in Traefik, and how its members are. Pure.
import type { Composite, CompositeService, Service } from '../../../model/dynamic-config.ts';
import { mayServe } from '../../../model/replica.ts';
import type { MemberView, ServiceView } from '../../../model/view.ts';
import type { ConfigIndex } from './config-index.ts';
import { healthOf, type ReplicaSources } from './replica-view.ts';
import { toStickyView } from './sticky-view.ts';

/** It has no servers, and so no `serverStatus`, as in Traefik. */
export function compositeParts(
  { name, composite }: CompositeService,
  index: ConfigIndex,
  sources: ReplicaSources,
): Pick<ServiceView, Composite['kind'] | 'members' | 'replicas'> {
  const members = composite.members.map(
    (member): MemberView => ({
      name: member.name,
      weight: member.weight,
      status: isUp(index.service(member.name), index, sources) ? 'UP' : 'DOWN',
    }),
  );
  return { [composite.kind]: toOptions(name, composite), members, replicas: [] };
}

function toOptions(service: string, composite: Composite): Readonly<Record<string, unknown>> {
  const healthCheck = composite.followsHealth ? { healthCheck: {} } : {};
  if (composite.kind === 'failover') {
    const [main, fallback] = composite.members;
    return { service: main?.written, fallback: fallback?.written, ...healthCheck };
  }
  if (composite.kind === 'mirroring') {
    const { members, mirrors, mirrorBody, maxBodySize } = composite;
    return {
      service: members[0]?.written,
      mirrors: mirrors.map(({ written, percent }) => ({ name: written, percent })),
      mirrorBody,
      maxBodySize,
      ...healthCheck,
    };
  }
  const services = composite.members.map(({ written, weight }) => ({ name: written, weight }));
  const cookie = composite.kind === 'weighted' ? composite.stickyCookie : undefined;
  return {
    services,
    ...(cookie === undefined ? {} : { sticky: toStickyView(service, cookie) }),
    ...healthCheck,
  };
}

/** As the data plane judges it (exchange/choose-balancer), but for answers, which each worker judges by itself. What is disabled leads nowhere; none leads to itself then. */
function isUp(service: Service | undefined, index: ConfigIndex, sources: ReplicaSources): boolean {
  if (service === undefined || service.status === 'disabled') return false;
  if (service.composite !== undefined) {
    return service.composite.members.some(
      ({ name, weight }) => weight > 0 && isUp(index.service(name), index, sources),
    );
  }
  return service.replicas.some((replica) => mayServe(replica, healthOf(service, replica, sources).verdict));
}
