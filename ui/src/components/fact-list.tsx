// Names and values, as a description list.
import type { ReactNode } from 'react';
import styles from './fact-list.module.css';

/** Facts without a value are left out. */
export function FactList({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Options of any depth as plain lines: `headers.customRequestHeaders.X-Model = v3`. */
export function OptionList({ options }: { options: Readonly<Record<string, unknown>> }) {
  return (
    <FactList
      facts={flatten(options, '').map(([name, value]) => [
        name,
        <code key={name} className={styles.value}>
          {value}
        </code>,
      ])}
    />
  );
}

function flatten(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  if (Array.isArray(value)) return [[name, value.map((one) => toText(one)).join(', ')]];
  return Object.entries(value).flatMap(([key, one]) => flatten(one, name === '' ? key : `${name}.${key}`));
}

const toText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
