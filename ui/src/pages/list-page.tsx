// What all list pages have in common: search, status filter, rows, pages.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Counts } from '../../../src/model/view.ts';
import type { ListQuery, Page as Rows } from '../api.ts';
import { FilterLinks } from '../components/filter-links.tsx';
import { Empty, Loaded, Page } from '../components/page.tsx';
import { Pager } from '../components/pager.tsx';
import { SearchField } from '../components/search-field.tsx';
import styles from './list-page.module.css';

/** `noun` is the plural; `whenNone` says how the first one comes to be. */
export function ListPage<Row>({
  title,
  noun,
  placeholder,
  query,
  result,
  counts,
  whenNone,
  children,
}: {
  title: string;
  noun: string;
  placeholder: string;
  query: ListQuery;
  result: UseQueryResult<Rows<Row>>;
  counts: Counts | undefined;
  whenNone: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}) {
  const isNarrowed = query.search !== '' || query.status !== '';
  return (
    <Page title={title}>
      <div className={styles.tools}>
        <SearchField label={`Search ${noun}`} placeholder={placeholder} value={query.search} />
        <FilterLinks label="Status" name="status" options={statusOptions(counts)} />
      </div>
      <Loaded query={result}>
        {({ items, nextPage }) =>
          items.length === 0 ? (
            <Empty>{isNarrowed ? `No ${noun} match.` : whenNone}</Empty>
          ) : (
            <>
              {children(items)}
              <Pager
                page={query.page}
                shown={items.length}
                nextPage={nextPage}
                total={isNarrowed ? undefined : counts?.total}
              />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function statusOptions(counts: Counts | undefined) {
  const count = (of: (known: Counts) => number) => (counts ? { count: of(counts) } : {});
  return [
    { value: '', text: 'All', ...count((known) => known.total) },
    { value: 'enabled', text: 'Enabled', ...count((known) => known.total - known.warnings - known.errors) },
    { value: 'warning', text: 'Warning', ...count((known) => known.warnings) },
    { value: 'disabled', text: 'Disabled', ...count((known) => known.errors) },
  ];
}
