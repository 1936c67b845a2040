// A number with a bar behind it, so that the busiest replica is seen at a glance.
import styles from './load-bar.module.css';

/** `greatest` is the value that fills the bar. The bar itself is decoration: the number says it all. */
export function LoadBar({ value, greatest }: { value: number; greatest: number }) {
  // The style property goes through the CSSOM, which `style-src 'self'` allows, unlike a style attribute in HTML.
  const width = `${Math.round((100 * value) / Math.max(greatest, 1))}%`;
  return (
    <span className={styles.load}>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.bar} style={{ width }} />
      </span>
      <span className={styles.value}>{value.toLocaleString('en')}</span>
    </span>
  );
}
