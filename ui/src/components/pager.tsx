// Links to the page before and after. Lists are cut by the gateway, so that ten thousand rows cost no more than fifty.
import { ROWS_PER_PAGE } from '../api.ts';
import { useRoute } from '../navigation/use-route.ts';
import { Link } from './link.tsx';
import styles from './pager.module.css';

/** `total` is shown where it is known, which it is not while a list is narrowed. */
export function Pager({
  page,
  shown,
  nextPage,
  total,
}: {
  page: number;
  shown: number;
  nextPage?: number | undefined;
  total?: number | undefined;
}) {
  const { path, query } = useRoute();
  if (page === 1 && nextPage === undefined) return null;
  const kept = Object.fromEntries(query);
  const first = (page - 1) * ROWS_PER_PAGE + 1;
  const last = first + shown - 1;
  return (
    <nav aria-label="Pages" className={styles.pager}>
      {page > 1 ? (
        <Link to={path} query={{ ...kept, page: page === 2 ? '' : `${page - 1}` }}>
          Previous page
        </Link>
      ) : null}
      <span className={styles.range}>
        {first.toLocaleString('en')}–{last.toLocaleString('en')}
        {total === undefined ? '' : ` of ${total.toLocaleString('en')}`}
      </span>
      {nextPage === undefined ? null : (
        <Link to={path} query={{ ...kept, page: `${nextPage}` }}>
          Next page
        </Link>
      )}
    </nav>
  );
}
