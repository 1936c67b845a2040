// TCP routers, middlewares and services.
import type { MiddlewareView, TcpRouterView } from '../../../src/model/view.ts';
import { ConnectionPage, placeColumns, statusColumn } from '../components/connection-page.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Loaded, Section } from '../components/page.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useOverview, useTcpMiddlewares, useTcpRouters, useTcpServices } from '../queries.ts';

/** All of TCP. */
export function TcpPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  return (
    <ConnectionPage
      protocol="tcp"
      page={query.page}
      routers={useTcpRouters(query)}
      columns={ROUTER_COLUMNS}
      services={useTcpServices(query)}
      counts={overview?.tcp}
    >
      <Loaded query={useTcpMiddlewares(query)}>
        {({ items }) =>
          items.length > 0 && (
            <Section title="Middlewares">
              <DataTable
                caption="TCP middlewares"
                columns={MIDDLEWARE_COLUMNS}
                rows={items}
                rowKey={({ name }) => name}
              />
            </Section>
          )
        }
      </Loaded>
    </ConnectionPage>
  );
}

const ROUTER_COLUMNS: readonly Column<TcpRouterView>[] = [
  {
    header: 'Router',
    kind: 'lead',
    cell: (router) => (
      <>
        <strong>{router.name}</strong> <code>{router.rule}</code>
      </>
    ),
  },
  statusColumn,
  placeColumns.entryPoints,
  { header: 'Middlewares', cell: (router) => router.middlewares?.join(', ') ?? 'None' },
  placeColumns.service,
  { header: 'TLS', cell: tlsOf },
  { header: 'Priority', kind: 'number', cell: (router) => router.priorityStr },
];

const MIDDLEWARE_COLUMNS: readonly Column<MiddlewareView>[] = [
  { header: 'Middleware', kind: 'lead', cell: (one) => <strong>{one.name}</strong> },
  statusColumn,
  { header: 'Kind', cell: (one) => one.type },
  { header: 'Used by', cell: (one) => (one.usedBy.length === 0 ? 'Nobody' : one.usedBy.join(', ')) },
];

function tlsOf({ tls }: TcpRouterView): string {
  if (tls === undefined) return 'None';
  return tls.passthrough ? 'Passed through' : 'Ends here';
}
