// Where configuration comes from, and whether it can be reached now.
import type { ProviderState } from '../../../src/model/view.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Empty } from './page.tsx';
import { Since } from './since.tsx';
import { StatusBadge } from './status-badge.tsx';

/** One row per provider. */
export function ProviderTable({ states }: { states: readonly ProviderState[] }) {
  if (states.length === 0) return <Empty>No provider is configured, so there can be no routes.</Empty>;
  return <DataTable caption="Providers" columns={COLUMNS} rows={states} rowKey={(one) => one.provider} />;
}

const COLUMNS: readonly Column<ProviderState>[] = [
  { header: 'Provider', kind: 'lead', cell: (one) => <strong>{one.provider}</strong> },
  {
    header: 'State',
    cell: (one) => (
      <>
        <StatusBadge level={LEVELS[one.state]}>{WORDS[one.state]}</StatusBadge>
        {one.message === undefined ? null : <div>{one.message}</div>}
      </>
    ),
  },
  { header: 'Since', cell: (one) => <Since at={one.since} /> },
];

const LEVELS = { up: 'ok', connecting: 'waiting', down: 'error' } as const;
const WORDS = { up: 'Reachable', connecting: 'Connecting', down: 'Not reachable' } as const;
