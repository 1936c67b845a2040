// UDP routers and services on one page: few gateways have many. A replica's requests in flight are its sessions.
import type { UdpRouterView } from '../../../src/model/view.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Empty, Loaded, Page, Section } from '../components/page.tsx';
import { Pager } from '../components/pager.tsx';
import { ServiceSection } from '../components/service-section.tsx';
import { ObjectStatus } from '../components/status-badge.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useOverview, useReplicasByService, useUdpRouters, useUdpServices } from '../queries.ts';

/** The page number in the address counts for both lists. */
export function UdpPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  const { data: replicas } = useReplicasByService();
  return (
    <Page title="UDP">
      <Section title="Routers">
        <Loaded query={useUdpRouters(query)}>
          {({ items, nextPage }) =>
            items.length === 0 ? (
              <Empty>There is no UDP router on this page.</Empty>
            ) : (
              <>
                <DataTable
                  caption="UDP routers"
                  columns={ROUTER_COLUMNS}
                  rows={items}
                  rowKey={(router) => router.name}
                />
                <Pager
                  page={query.page}
                  shown={items.length}
                  nextPage={nextPage}
                  total={overview?.udp.routers.total}
                />
              </>
            )
          }
        </Loaded>
      </Section>
      <Loaded query={useUdpServices(query)}>
        {({ items, nextPage }) => (
          <>
            {items.map((service) => (
              <ServiceSection key={service.name} protocol="udp" service={service} replicas={replicas} />
            ))}
            <Pager
              page={query.page}
              shown={items.length}
              nextPage={nextPage}
              total={overview?.udp.services.total}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const ROUTER_COLUMNS: readonly Column<UdpRouterView>[] = [
  { header: 'Router', kind: 'lead', cell: (router) => <strong>{router.name}</strong> },
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
  { header: 'Service', cell: (router) => router.service || 'None' },
];
