// A link to a place inside the dashboard: a real anchor, so that it can be opened in a new tab.
import type { ReactNode } from 'react';
import { toHref } from '../navigation/route.ts';

/** `to` is the path in parts, escaped here. */
export function Link({
  to,
  query,
  className,
  current,
  children,
}: {
  to: readonly string[];
  query?: Readonly<Record<string, string>>;
  className?: string | undefined;
  current?: boolean;
  children: ReactNode;
}) {
  return (
    <a href={toHref(to, query)} className={className} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
