// Routers with the answer to "does it work?" beside each.
import type { RouterView } from '../../../src/model/view.ts';
import { qualify, type ReplicasByService, readinessOf } from '../logic/readiness.ts';
import { tlsOf } from '../logic/router-tls.ts';
import { verdictOf } from '../logic/router-verdict.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Link } from './link.tsx';
import styles from './router-table.module.css';
import { LevelIcon, StatusBadge } from './status-badge.tsx';

/** `replicas` undefined means not known yet; then only the routers' own status is told. */
export function RouterTable({
  routers,
  replicas,
}: {
  routers: readonly RouterView[];
  replicas: ReplicasByService | undefined;
}) {
  const columns: readonly Column<RouterView>[] = [
    {
      header: 'Router',
      kind: 'lead',
      cell: (router) => (
        <>
          <Link to={['routers', router.name]} className={styles.name}>
            {router.name}
          </Link>
          <code className={styles.rule}>{router.rule}</code>
        </>
      ),
    },
    {
      header: 'Does it work?',
      kind: 'wide',
      cell: (router) => <Verdict router={router} replicas={replicas} />,
    },
    {
      header: 'Entry points',
      cell: (router) => (router.using.length > 0 ? router.using.join(', ') : 'None'),
    },
    { header: 'Service', cell: (router) => <Service router={router} replicas={replicas} /> },
    { header: 'TLS', cell: tlsOf },
    { header: 'Priority', kind: 'number', cell: (router) => router.priorityStr || router.priority },
  ];
  return <DataTable caption="Routers" columns={columns} rows={routers} rowKey={(router) => router.name} />;
}

function Verdict({ router, replicas }: { router: RouterView; replicas: ReplicasByService | undefined }) {
  const { level, text } = verdictOf(router, replicas);
  if (level === 'ok') return <StatusBadge level="ok">Yes</StatusBadge>;
  return (
    <span className={styles.verdict}>
      <LevelIcon level={level} />
      <span>
        <strong>{level === 'error' ? 'No' : 'Yes, with a warning'}</strong>
        <span className={styles.why}>{text}</span>
      </span>
    </span>
  );
}

function Service({ router, replicas }: { router: RouterView; replicas: ReplicasByService | undefined }) {
  if (router.service === '') return 'None';
  const name = qualify(router.service, router.provider);
  const own = replicas?.get(name);
  const { ready, total } = readinessOf(own ?? []);
  return (
    <>
      <Link to={['services', name]}>{router.service}</Link>
      {own === undefined ? null : <span className={styles.ready}>{`${ready} of ${total} ready`}</span>}
    </>
  );
}
