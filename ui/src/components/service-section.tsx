// A service of TCP or UDP with its replicas, which are live as everywhere.
import type { ReplicaView } from '../../../src/model/view.ts';
import { type ReplicasByService, readinessOf } from '../logic/readiness.ts';
import { replicasName } from '../logic/service-place.ts';
import { Empty, Section } from './page.tsx';
import { ReplicaTable } from './replica-table.tsx';

/** `replicas` are all that are known; those that came with the service are shown before. */
export function ServiceSection({
  protocol,
  service,
  replicas,
}: {
  protocol: 'tcp' | 'udp';
  service: { readonly name: string; readonly replicas: readonly ReplicaView[] };
  replicas: ReplicasByService | undefined;
}) {
  const own = replicas?.get(replicasName(protocol, service.name)) ?? service.replicas;
  const { ready, total } = readinessOf(own);
  return (
    <Section title={`Service ${service.name}`} aside={`${ready} of ${total} ready`}>
      {own.length === 0 ? <Empty>It has no replica.</Empty> : <ReplicaTable replicas={own} />}
    </Section>
  );
}
