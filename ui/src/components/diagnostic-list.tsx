// Diagnostics with everything that helps to repair them: whose label, where in it, why, and the label as it should be.
import { useState } from 'react';
import type { Diagnostic } from '../../../src/model/view.ts';
import { fixOf, markLabel } from '../logic/label-fix.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './diagnostic-list.module.css';
import { Link } from './link.tsx';
import { SeverityBadge } from './status-badge.tsx';

// A gateway with thousands of faults has one cause; nobody reads them all, and the browser should not draw them all.
const SHOWN_AT_FIRST = 50;

/** The list, worst first as it comes; long ones grow on demand. */
export function DiagnosticList({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const [limit, setLimit] = useState(SHOWN_AT_FIRST);
  const left = diagnostics.length - limit;
  return (
    <>
      <ul className={styles.list}>
        {diagnostics.slice(0, limit).map((diagnostic, index) => (
          // Two diagnostics can be equal in every word, so only the place tells them apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: items hold no state and have no identity of their own
          <li key={index} className={styles.item}>
            <DiagnosticCard diagnostic={diagnostic} />
          </li>
        ))}
      </ul>
      {left > 0 ? (
        <button type="button" className={styles.more} onClick={() => setLimit(limit + SHOWN_AT_FIRST)}>
          Show more ({left.toLocaleString('en')} left)
        </button>
      ) : null}
    </>
  );
}

function DiagnosticCard({ diagnostic }: { diagnostic: Diagnostic }) {
  const { severity, message, hint, code, container } = diagnostic;
  const fix = fixOf(diagnostic);
  return (
    <>
      <div className={styles.head}>
        <SeverityBadge severity={severity} />
        <span className={styles.where}>
          {container === undefined ? null : (
            <>
              container <strong>{container}</strong>,{' '}
            </>
          )}
          <ConcernedObject diagnostic={diagnostic} />
        </span>
        <code className={styles.code}>{code}</code>
      </div>
      <p className={styles.message}>{message}</p>
      <FaultyLabel diagnostic={diagnostic} />
      {hint === undefined ? null : <p className={styles.hint}>{hint}</p>}
      {fix === undefined ? null : (
        <div className={styles.fix}>
          <span className={styles.fixWord}>Fix</span>
          <code className={styles.label}>{fix}</code>
          <CopyButton text={fix} what="the fixed label" />
        </div>
      )}
    </>
  );
}

const PAGES: Readonly<Record<string, string>> = {
  router: 'routers',
  service: 'services',
  middleware: 'middlewares',
};

function ConcernedObject({ diagnostic }: { diagnostic: Diagnostic }) {
  const { kind, name } = diagnostic.object;
  const page = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  if (kind === 'container' && name === diagnostic.container) return <>its labels</>;
  return (
    <>
      {kind === 'entryPoint' ? 'entry point' : kind}{' '}
      {page && name.includes('@') ? <Link to={[page, name]}>{name}</Link> : <strong>{name}</strong>}
    </>
  );
}

function FaultyLabel({ diagnostic: { label, position, place } }: { diagnostic: Diagnostic }) {
  const written = place && <code>{`${place.file}:${place.line}:${place.column}`}</code>;
  if (label === undefined)
    return written === undefined ? null : <div className={styles.labelRow}>{written}</div>;
  const { before, fault, after } = markLabel(label, position);
  const isMarked = position !== undefined && label.includes('=');
  return (
    <div className={styles.labelRow}>
      {written}
      <code className={styles.label}>
        {before}
        {isMarked ? <mark>{fault || '⟨end⟩'}</mark> : null}
        {after}
      </code>
      {isMarked ? <span className={styles.position}>at character {position + 1} of the value</span> : null}
    </div>
  );
}
