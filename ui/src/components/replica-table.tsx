// A service's replicas: who gets requests, who does not and why, and how loaded each one is.
import type { ReplicaView } from '../../../src/model/view.ts';
import { replicaName } from '../logic/readiness.ts';
import { type Column, DataTable } from './data-table.tsx';
import { LoadBar } from './load-bar.tsx';
import styles from './replica-table.module.css';
import { Since } from './since.tsx';
import { ReplicaStatus } from './status-badge.tsx';

/** One row per replica. Bars are relative to the busiest replica shown. */
export function ReplicaTable({ replicas }: { replicas: readonly ReplicaView[] }) {
  const busiest = Math.max(1, ...replicas.map((one) => one.inFlight));
  const columns: readonly Column<ReplicaView>[] = [
    {
      header: 'Replica',
      kind: 'lead',
      cell: (one) => (
        <>
          <span className={styles.name}>{replicaName(one)}</span>
          <code className={styles.address}>{one.url ?? 'has no address'}</code>
        </>
      ),
    },
    { header: 'State', kind: 'wide', cell: (one) => <State replica={one} /> },
    { header: 'Since', cell: (one) => <Since at={one.since} /> },
    { header: 'Health check', cell: (one) => HEALTH_WORDS[one.health] },
    {
      header: 'In flight',
      kind: 'number',
      cell: (one) => <LoadBar value={one.inFlight} greatest={busiest} />,
    },
    { header: 'Requests', kind: 'number', cell: (one) => one.requests.toLocaleString('en') },
    { header: 'Failures', kind: 'number', cell: (one) => <Failures replica={one} /> },
    // Equal weights say nothing.
    ...(replicas.some((one) => one.weight !== replicas[0]?.weight) ? [WEIGHT] : []),
  ];
  return <DataTable caption="Replicas" columns={columns} rows={replicas} rowKey={(one) => one.id} />;
}

const WEIGHT: Column<ReplicaView> = { header: 'Weight', kind: 'number', cell: (one) => one.weight };

function State({ replica }: { replica: ReplicaView }) {
  return (
    <>
      <ReplicaStatus replica={replica} />
      {replica.ready || replica.reason === undefined ? null : (
        <p className={styles.reason}>{replica.reason}</p>
      )}
      {replica.lastError === undefined || replica.reason?.includes(replica.lastError) ? null : (
        <p className={styles.reason}>Last error: {replica.lastError}</p>
      )}
    </>
  );
}

function Failures({ replica: { failures, requests } }: { replica: ReplicaView }) {
  if (failures === 0) return '0';
  const share = requests > 0 ? ` (${((100 * failures) / requests).toFixed(1)} %)` : '';
  return <strong className={styles.failures}>{`${failures.toLocaleString('en')}${share}`}</strong>;
}

const HEALTH_WORDS = { none: 'None', unknown: 'Not yet', up: 'Passes', down: 'Fails' } satisfies Record<
  ReplicaView['health'],
  string
>;
