// A row of links that narrow a list by one query value; the present one is marked for everybody.
import { toHref } from '../navigation/route.ts';
import { useRoute } from '../navigation/use-route.ts';
import styles from './filter-links.module.css';

/** Sets the query value `name`; the option with the empty value stands for "all". */
export function FilterLinks({
  label,
  name,
  options,
}: {
  label: string;
  name: string;
  options: readonly { readonly value: string; readonly text: string; readonly count?: number }[];
}) {
  const { path, query } = useRoute();
  const chosen = query.get(name) ?? '';
  const kept = Object.fromEntries([...query].filter(([key]) => key !== 'page'));
  return (
    <nav aria-label={label} className={styles.filters}>
      {options.map(({ value, text, count }) => (
        <a
          key={value}
          href={toHref(path, { ...kept, [name]: value })}
          aria-current={value === chosen ? 'true' : undefined}
        >
          {text}
          {count === undefined ? null : <span className={styles.count}> {count.toLocaleString('en')}</span>}
        </a>
      ))}
    </nav>
  );
}
