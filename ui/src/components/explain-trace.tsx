// The trace of an explained request: entry point, routers with their verdicts, middlewares, service and replicas.
import type { Explanation, RouterTrial, TrialVerdict } from '../../../src/model/view.ts';
import styles from './explain-trace.module.css';
import { Link } from './link.tsx';
import { Section } from './page.tsx';
import { type Level, LevelIcon, ObjectStatus, StatusBadge } from './status-badge.tsx';

const VERDICTS: Readonly<Record<TrialVerdict, readonly [level: Level, words: string]>> = {
  chosen: ['ok', 'Takes it'],
  outranked: ['idle', 'Asked later'],
  disabled: ['error', 'Disabled'],
  'other-entry-point': ['warning', 'Other entry point'],
  'other-encryption': ['warning', 'Encryption'],
  'no-match': ['idle', 'Does not match'],
};

/** What the request meets, in order. Parts that it does not get to are left out. */
export function ExplainTrace({ explanation }: { explanation: Explanation }) {
  const { entryPoint, routers, otherRouters, middlewares, service, replicas } = explanation;
  return (
    <>
      {entryPoint === undefined ? null : (
        <Section title="Entry point">
          <p className={styles.line}>
            <strong>{entryPoint.name}</strong> {entryPoint.reason}
          </p>
        </Section>
      )}
      {routers.length === 0 ? null : (
        <Section title="Routers" aside={otherRouters > 0 ? `${otherRouters} more do not take it` : undefined}>
          <ol className={styles.list}>
            {routers.map((trial) => (
              <Trial key={trial.name} trial={trial} />
            ))}
          </ol>
        </Section>
      )}
      {middlewares.length === 0 ? null : (
        <Section title="Middlewares">
          <ol className={styles.list}>
            {middlewares.map(({ name, kind, status, errors }) => (
              <li key={name}>
                <Link to={['middlewares', name]}>{name}</Link> {kind} <ObjectStatus status={status} />
                {errors.map((error) => (
                  <p key={error} className={styles.reason}>
                    {error}
                  </p>
                ))}
              </li>
            ))}
          </ol>
        </Section>
      )}
      {service === undefined ? null : (
        <Section title="Service">
          <p className={styles.line}>
            <Link to={['services', service.name]}>{service.name}</Link>{' '}
            <ObjectStatus status={service.status} />
          </p>
          <ul className={styles.list}>
            {replicas.map(({ name, url, isReady, reason }) => (
              <li key={`${name} ${url}`}>
                <LevelIcon level={isReady ? 'ok' : 'warning'} /> <strong>{name}</strong>{' '}
                {isReady ? 'Ready' : 'Not ready'}
                {reason === undefined ? null : <p className={styles.reason}>{reason}</p>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Trial({ trial: { name, rule, priority, verdict, reasons } }: { trial: RouterTrial }) {
  const [level, words] = VERDICTS[verdict];
  return (
    <li>
      <Link to={['routers', name]}>{name}</Link> <StatusBadge level={level}>{words}</StatusBadge>{' '}
      <span className={styles.quiet}>priority {priority}</span>
      <p className={styles.rule}>
        <code>{rule}</code>
      </p>
      {reasons.map((reason) => (
        <p key={reason} className={styles.reason}>
          {reason}
        </p>
      ))}
    </li>
  );
}
