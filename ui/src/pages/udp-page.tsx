// UDP routers and services. A replica's requests in flight are its sessions.
import type { UdpRouterView } from '../../../src/model/view.ts';
import { ConnectionPage, placeColumns, statusColumn } from '../components/connection-page.tsx';
import type { Column } from '../components/data-table.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useOverview, useUdpRouters, useUdpServices } from '../queries.ts';

/** All of UDP. */
export function UdpPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  return (
    <ConnectionPage
      protocol="udp"
      page={query.page}
      routers={useUdpRouters(query)}
      columns={ROUTER_COLUMNS}
      services={useUdpServices(query)}
      counts={overview?.udp}
    />
  );
}

const ROUTER_COLUMNS: readonly Column<UdpRouterView>[] = [
  { header: 'Router', kind: 'lead', cell: (router) => <strong>{router.name}</strong> },
  statusColumn,
  placeColumns.entryPoints,
  placeColumns.service,
];
