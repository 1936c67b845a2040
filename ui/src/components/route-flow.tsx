// Draws the way of a request: entry points → router → middlewares → service → replicas, each with its condition.
import type { ReactNode } from 'react';
import type { ReplicaView, RouterView } from '../../../src/model/view.ts';
import { mentions } from '../logic/label-fix.ts';
import { qualify, readinessOf, replicaName } from '../logic/readiness.ts';
import { Link } from './link.tsx';
import styles from './route-flow.module.css';
import { ObjectStatus, ReplicaStatus, StatusBadge } from './status-badge.tsx';

// More than this many do not explain more; the service's page has them all.
const REPLICAS_SHOWN = 8;

/** `replicas` are those of the router's service; undefined until they are known. */
export function RouteFlow({
  router,
  replicas,
}: {
  router: RouterView;
  replicas: readonly ReplicaView[] | undefined;
}) {
  const service = qualify(router.service, router.provider);
  const middlewares = router.middlewares ?? [];
  const used = router.using.length > 0 ? router.using : router.entryPoints;
  return (
    <ol className={styles.flow} aria-label="The way of a request">
      <Step kind={used.length === 1 ? 'Entry point' : 'Entry points'}>
        {used.length === 0 ? <span className={styles.quiet}>None</span> : null}
        {used.map((name) => (
          <p key={name} className={styles.name}>
            {name}
          </p>
        ))}
      </Step>
      <Step kind="Router">
        <p className={styles.name}>{router.name}</p>
        <ObjectStatus status={router.status} />
      </Step>
      {middlewares.length === 0 ? null : (
        <Step kind={middlewares.length === 1 ? 'Middleware' : 'Middlewares'}>
          {middlewares.map((name) => (
            <p key={name} className={styles.name}>
              <Reference router={router} section="middlewares" name={name} />
            </p>
          ))}
        </Step>
      )}
      <Step kind="Service">
        <p className={styles.name}>
          {router.service === '' ? (
            'None chosen'
          ) : (
            <Reference router={router} section="services" name={router.service} />
          )}
        </p>
        {replicas === undefined ? null : <Readiness replicas={replicas} />}
      </Step>
      <Step kind="Replicas">
        {replicas?.length === 0 ? <StatusBadge level="error">None</StatusBadge> : null}
        <ul className={styles.replicas}>
          {replicas?.slice(0, REPLICAS_SHOWN).map((one) => (
            <li key={one.id}>
              <span className={styles.name}>{replicaName(one)}</span>
              <span className={styles.facts}>
                <ReplicaStatus replica={one} />
                <span className={styles.quiet}>{one.inFlight} in flight</span>
              </span>
            </li>
          ))}
        </ul>
        {replicas && replicas.length > REPLICAS_SHOWN ? (
          <Link to={['services', service]}>All {replicas.length.toLocaleString('en')} replicas</Link>
        ) : null}
      </Step>
    </ol>
  );
}

/** A link, and whether the router's diagnostics say that what it leads to does not exist or does not work. */
function Reference({ router, section, name }: { router: RouterView; section: string; name: string }) {
  const isUnusable = router.diagnostics.some(
    (one) => one.code === 'unknown-reference' && mentions(one.message, name),
  );
  return (
    <>
      <Link to={[section, qualify(name, router.provider)]}>{name}</Link>{' '}
      {isUnusable ? <StatusBadge level="error">Not usable</StatusBadge> : null}
    </>
  );
}

function Step({ kind, children }: { kind: string; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <p className={styles.kind}>{kind}</p>
      {children}
    </li>
  );
}

function Readiness({ replicas }: { replicas: readonly ReplicaView[] }) {
  const { ready, total } = readinessOf(replicas);
  const level = ready === 0 ? 'error' : ready < total ? 'warning' : 'ok';
  return <StatusBadge level={level}>{`${ready} of ${total} ready`}</StatusBadge>;
}
