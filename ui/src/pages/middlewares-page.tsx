// All HTTP middlewares.
import type { MiddlewareView } from '../../../src/model/view.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Link } from '../components/link.tsx';
import { ObjectStatus } from '../components/status-badge.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useMiddlewares, useOverview } from '../queries.ts';
import { ListPage } from './list-page.tsx';

/** List with search in names and kinds. */
export function MiddlewaresPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  return (
    <ListPage
      title="Middlewares"
      noun="middlewares"
      placeholder="Name or kind"
      query={query}
      result={useMiddlewares(query)}
      counts={overview?.http.middlewares}
      whenNone={
        <>
          There is no middleware yet. One is made by a label such as{' '}
          <code>traefik.http.middlewares.auth.basicauth.users=…</code>.
        </>
      }
    >
      {(middlewares) => (
        <DataTable caption="Middlewares" columns={COLUMNS} rows={middlewares} rowKey={(one) => one.name} />
      )}
    </ListPage>
  );
}

const COLUMNS: readonly Column<MiddlewareView>[] = [
  {
    header: 'Middleware',
    kind: 'lead',
    cell: (one) => (
      <Link to={['middlewares', one.name]}>
        <strong>{one.name}</strong>
      </Link>
    ),
  },
  { header: 'Status', cell: (one) => <ObjectStatus status={one.status} /> },
  { header: 'Kind', cell: (one) => one.type },
  { header: 'Used by', cell: (one) => (one.usedBy.length === 0 ? 'Nobody' : one.usedBy.join(', ')) },
];
