// "What needs my attention": the worst first, each with its reason and the way to it.
import type { ProviderState } from '../../../src/model/view.ts';
import { attentionOf } from '../logic/attention.ts';
import { useDiagnostics, useReplicasByService } from '../queries.ts';
import styles from './attention-list.module.css';
import { Section } from './page.tsx';
import { LevelIcon } from './status-badge.tsx';

// What does not fit on one screen is not read; the rest is one link away.
const ITEMS_SHOWN = 6;

/** Silent while its facts are loading: "all is well" must not flash up before they are known. */
export function AttentionList({ providers }: { providers: readonly ProviderState[] }) {
  const { data: replicas } = useReplicasByService();
  const { data: diagnostics } = useDiagnostics();
  if (!replicas || !diagnostics) return null;
  const items = attentionOf({ providers, replicas, diagnostics });
  if (items.length === 0) {
    return (
      <p className={styles.calm}>
        <LevelIcon level="ok" />
        Nothing needs your attention.
      </p>
    );
  }
  return (
    <Section title="Needs attention">
      <ul className={styles.list}>
        {items.slice(0, ITEMS_SHOWN).map(({ key, level, title, detail, href }) => (
          <li key={key} className={styles.item}>
            <LevelIcon level={level} />
            <div className={styles.words}>
              <a href={href} className={styles.title}>
                <span className="visually-hidden">{level === 'error' ? 'Error: ' : 'Warning: '}</span>
                {title}
              </a>
              {detail === undefined ? null : <p className={styles.detail}>{detail}</p>}
            </div>
          </li>
        ))}
      </ul>
      {items.length > ITEMS_SHOWN ? (
        <p className={styles.more}>
          And {(items.length - ITEMS_SHOWN).toLocaleString('en')} more, among them in{' '}
          <a href="#/diagnostics">Diagnostics</a> and <a href="#/services">Services</a>.
        </p>
      ) : null}
    </Section>
  );
}
