// Where the requests are: the services with most in flight, and how evenly their replicas share them.
import type { ReplicaView } from '../../../src/model/view.ts';
import { type Readiness, readinessOf } from '../logic/readiness.ts';
import { placeOfService } from '../logic/service-place.ts';
import { useReplicasByService } from '../queries.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Link } from './link.tsx';
import { LoadBar } from './load-bar.tsx';
import { Empty } from './page.tsx';

const SERVICES_SHOWN = 5;

type Row = Readiness & { readonly service: string; readonly spread: string };

/** Nothing in flight anywhere is said in one line. */
export function BusiestServices() {
  const { data: replicas } = useReplicasByService();
  if (!replicas) return null;
  const rows = [...replicas]
    .map(([service, own]) => ({ service, ...readinessOf(own), spread: spreadOf(own) }))
    .filter((row) => row.inFlight > 0)
    .sort((a, b) => b.inFlight - a.inFlight)
    .slice(0, SERVICES_SHOWN);
  if (rows.length === 0) return <Empty>No request is in flight.</Empty>;
  const busiest = rows[0]?.inFlight ?? 1;
  const columns: readonly Column<Row>[] = [
    {
      header: 'Service',
      kind: 'lead',
      cell: (row) => <Link to={placeOfService(row.service)}>{row.service}</Link>,
    },
    {
      header: 'In flight',
      kind: 'number',
      cell: (row) => <LoadBar value={row.inFlight} greatest={busiest} />,
    },
    { header: 'Per ready replica', kind: 'number', cell: (row) => row.spread },
    { header: 'Replicas ready', kind: 'number', cell: (row) => `${row.ready} of ${row.total}` },
    { header: 'Requests', kind: 'number', cell: (row) => row.requests.toLocaleString('en') },
    { header: 'Failures', kind: 'number', cell: (row) => row.failures.toLocaleString('en') },
  ];
  return <DataTable caption="Busiest services" columns={columns} rows={rows} rowKey={(row) => row.service} />;
}

function spreadOf(replicas: readonly ReplicaView[]): string {
  const loads = replicas.filter((one) => one.ready).map((one) => one.inFlight);
  if (loads.length === 0) return 'none ready';
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  return least === most ? `${most}` : `${least} to ${most}`;
}
