// Services with what their replicas add up to.
import type { MemberView, ServiceView } from '../../../src/model/view.ts';
import { describeNotReady, readinessOf } from '../logic/readiness.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Link } from './link.tsx';
import { LoadBar } from './load-bar.tsx';
import styles from './service-table.module.css';
import { ObjectStatus, StatusBadge } from './status-badge.tsx';

/** One row per service. Bars are relative to the busiest service shown. */
export function ServiceTable({ services }: { services: readonly ServiceView[] }) {
  const sums = new Map(services.map((one) => [one, readinessOf(one.replicas)]));
  const sumOf = (one: ServiceView) => sums.get(one) ?? readinessOf([]);
  const busiest = Math.max(1, ...[...sums.values()].map((one) => one.inFlight));
  const columns: readonly Column<ServiceView>[] = [
    {
      header: 'Service',
      kind: 'lead',
      cell: (one) => (
        <Link to={['services', one.name]} className={styles.name}>
          {one.name}
        </Link>
      ),
    },
    { header: 'Status', cell: (one) => <ObjectStatus status={one.status} /> },
    { header: 'Replicas', cell: (one) => <Ready service={one} /> },
    {
      header: 'In flight',
      kind: 'number',
      cell: (one) => <LoadBar value={sumOf(one).inFlight} greatest={busiest} />,
    },
    { header: 'Requests', kind: 'number', cell: (one) => sumOf(one).requests.toLocaleString('en') },
    { header: 'Failures', kind: 'number', cell: (one) => sumOf(one).failures.toLocaleString('en') },
    { header: 'Used by', cell: (one) => (one.usedBy.length === 0 ? 'Nobody' : one.usedBy.join(', ')) },
  ];
  return <DataTable caption="Services" columns={columns} rows={services} rowKey={(one) => one.name} />;
}

function Ready({ service }: { service: ServiceView }) {
  if (service.members !== undefined) return <MembersUp members={service.members} />;
  const { ready, total } = readinessOf(service.replicas);
  if (total === 0) return <StatusBadge level="error">None</StatusBadge>;
  const level = ready === total ? 'ok' : ready === 0 ? 'error' : 'warning';
  return (
    <>
      <StatusBadge level={level}>{`${ready} of ${total} ready`}</StatusBadge>
      {ready < total ? <span className={styles.why}>{describeNotReady(service.replicas)}</span> : null}
    </>
  );
}

function MembersUp({ members }: { members: readonly MemberView[] }) {
  const up = members.filter(({ status }) => status === 'UP').length;
  const level = up === members.length ? 'ok' : up === 0 ? 'error' : 'warning';
  return <StatusBadge level={level}>{`${up} of ${members.length} services up`}</StatusBadge>;
}
