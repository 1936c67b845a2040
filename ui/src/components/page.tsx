// The frame of a page: title in the tab, one h1 (which takes the focus after a navigation), and its states while
// data is loading or cannot be had.
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ApiError } from '../api.ts';
import styles from './page.module.css';

/** A page. `aside` stands at the right of the heading. */
export function Page({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Berth`;
  }, [title]);
  return (
    <>
      <div className={styles.head}>
        <h1 tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <h2 className={styles.sectionTitle}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Shows data when it is there; before, a quiet line; and a sentence with a way on when it cannot be had. */
export function Loaded<T>({
  query,
  missing,
  children,
}: {
  query: UseQueryResult<T>;
  missing?: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined && !isGone(query.error)) return children(query.data);
  if (query.isPending) return <p className={styles.quiet}>Loading…</p>;
  if (isGone(query.error)) return <Empty>{missing ?? 'There is nothing of this name.'}</Empty>;
  return (
    <Empty>
      The gateway's API cannot be read: {query.error?.message}{' '}
      <button type="button" onClick={() => void query.refetch()}>
        Try again
      </button>
    </Empty>
  );
}

/** A sentence where there is nothing to list. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className={styles.empty}>{children}</div>;
}

const isGone = (error: Error | null): boolean => error instanceof ApiError && error.status === 404;
