// TCP routers, middlewares and services on one page: few gateways have many. Replicas are live, as everywhere.
import type { MiddlewareView, TcpRouterView } from '../../../src/model/view.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Empty, Loaded, Page, Section } from '../components/page.tsx';
import { Pager } from '../components/pager.tsx';
import { ServiceSection } from '../components/service-section.tsx';
import { ObjectStatus } from '../components/status-badge.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import {
  useOverview,
  useReplicasByService,
  useTcpMiddlewares,
  useTcpRouters,
  useTcpServices,
} from '../queries.ts';

/** The page number in the address counts for all lists. */
export function TcpPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  const { data: replicas } = useReplicasByService();
  return (
    <Page title="TCP">
      <Section title="Routers">
        <Loaded query={useTcpRouters(query)}>
          {({ items, nextPage }) =>
            items.length === 0 ? (
              <Empty>There is no TCP router on this page.</Empty>
            ) : (
              <>
                <DataTable caption="TCP routers" columns={ROUTER_COLUMNS} rows={items} rowKey={nameOf} />
                <Pager
                  page={query.page}
                  shown={items.length}
                  nextPage={nextPage}
                  total={overview?.tcp.routers.total}
                />
              </>
            )
          }
        </Loaded>
      </Section>
      <Loaded query={useTcpMiddlewares(query)}>
        {({ items }) =>
          items.length > 0 && (
            <Section title="Middlewares">
              <DataTable
                caption="TCP middlewares"
                columns={MIDDLEWARE_COLUMNS}
                rows={items}
                rowKey={nameOf}
              />
            </Section>
          )
        }
      </Loaded>
      <Loaded query={useTcpServices(query)}>
        {({ items, nextPage }) => (
          <>
            {items.map((service) => (
              <ServiceSection key={service.name} protocol="tcp" service={service} replicas={replicas} />
            ))}
            <Pager
              page={query.page}
              shown={items.length}
              nextPage={nextPage}
              total={overview?.tcp.services.total}
            />
          </>
        )}
      </Loaded>
    </Page>
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
  {
    header: 'Status',
    kind: 'wide',
    cell: (router) => (
      <>
        <ObjectStatus status={router.status} />
        {router.error?.map((reason) => (
          <div key={reason}>{reason}</div>
        ))}
      </>
    ),
  },
  { header: 'Entry points', cell: (router) => router.using.join(', ') || 'None' },
  { header: 'Middlewares', cell: (router) => router.middlewares?.join(', ') ?? 'None' },
  { header: 'Service', cell: (router) => router.service || 'None' },
  { header: 'TLS', cell: tlsOf },
  { header: 'Priority', kind: 'number', cell: (router) => router.priorityStr },
];

const MIDDLEWARE_COLUMNS: readonly Column<MiddlewareView>[] = [
  { header: 'Middleware', kind: 'lead', cell: (one) => <strong>{one.name}</strong> },
  {
    header: 'Status',
    kind: 'wide',
    cell: (one) => (
      <>
        <ObjectStatus status={one.status} />
        {one.error?.map((reason) => (
          <div key={reason}>{reason}</div>
        ))}
      </>
    ),
  },
  { header: 'Kind', cell: (one) => one.type },
  { header: 'Used by', cell: (one) => (one.usedBy.length === 0 ? 'Nobody' : one.usedBy.join(', ')) },
];

function tlsOf({ tls }: TcpRouterView): string {
  if (tls === undefined) return 'None';
  return tls.passthrough ? 'Passed through' : 'Ends here';
}

const nameOf = ({ name }: { readonly name: string }): string => name;
