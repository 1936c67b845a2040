// Why an object is disabled or has warnings: the sentences that the gateway attached to it.
import type { Diagnostic, Status } from '../../../src/model/view.ts';
import { DiagnosticList } from './diagnostic-list.tsx';
import { Section } from './page.tsx';
import styles from './reasons.module.css';
import { LevelIcon } from './status-badge.tsx';

/** Errors that no diagnostic repeats, then the diagnostics. Nothing where there is neither. */
export function Reasons({
  view: { status, error = [], diagnostics },
}: {
  view: { status: Status; error?: readonly string[]; diagnostics: readonly Diagnostic[] };
}) {
  const others = error.filter((sentence) => !diagnostics.some((one) => sentence.includes(one.message)));
  if (others.length === 0 && diagnostics.length === 0) return null;
  return (
    <Section title={status === 'disabled' ? 'Why it is disabled' : 'Diagnostics'}>
      {others.map((sentence) => (
        <p key={sentence} className={styles.reason}>
          <LevelIcon level={status === 'disabled' ? 'error' : 'warning'} />
          {sentence}
        </p>
      ))}
      {diagnostics.length === 0 ? null : <DiagnosticList diagnostics={diagnostics} />}
    </Section>
  );
}
