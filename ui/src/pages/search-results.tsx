// Everything that bears the searched name or host, beginning with the routers and whether they work.
import type { ReplicaView } from '../../../src/model/view.ts';
import type { ListQuery } from '../api.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { DiagnosticList } from '../components/diagnostic-list.tsx';
import { Link } from '../components/link.tsx';
import { Empty, Section } from '../components/page.tsx';
import { RouterTable } from '../components/router-table.tsx';
import { ServiceTable } from '../components/service-table.tsx';
import { Since } from '../components/since.tsx';
import { ReplicaStatus } from '../components/status-badge.tsx';
import { replicaName } from '../logic/readiness.ts';
import { diagnosticMatches, replicaMatches } from '../logic/search-term.ts';
import { placeOfService } from '../logic/service-place.ts';
import { useDiagnostics, useReplicas, useReplicasByService, useRouters, useServices } from '../queries.ts';

// Each kind shows its first few; the pages of the kinds have all.
const SHOWN = 10;

/** `term` is not empty. */
export function SearchResults({ term }: { term: string }) {
  const query: ListQuery = { page: 1, search: term, status: '' };
  const routers = useRouters(query);
  const services = useServices(query);
  const { data: replicas } = useReplicas();
  const { data: byService } = useReplicasByService();
  const { data: diagnostics } = useDiagnostics();
  if (!routers.data || !services.data || !replicas || !diagnostics) return <p role="status">Searching…</p>;

  const found = {
    routers: routers.data.items,
    services: services.data.items,
    replicas: replicas.filter((one) => replicaMatches(one, term)),
    diagnostics: diagnostics.filter((one) => diagnosticMatches(one, term)),
  };
  // The diagnostics of a found router may name its container only.
  const ofRouters = found.routers.flatMap((one) => one.diagnostics);
  const related = [...found.diagnostics, ...ofRouters.filter((one) => !isIn(found.diagnostics, one))];
  const total = found.routers.length + found.services.length + found.replicas.length + related.length;
  return (
    <>
      <p role="status" className="visually-hidden">
        {total === 0 ? 'Nothing found.' : `${total} found.`}
      </p>
      {total === 0 ? <NothingFound term={term} /> : null}
      {found.routers.length === 0 ? null : (
        <Section
          title={`Routers (${countOf(found.routers, routers.data.nextPage)})`}
          aside={<More path="routers" term={term} />}
        >
          <RouterTable routers={found.routers.slice(0, SHOWN)} replicas={byService} />
        </Section>
      )}
      {related.length === 0 ? null : (
        <Section title={`Diagnostics (${countOf(related)})`} aside={<More path="diagnostics" term={term} />}>
          <DiagnosticList diagnostics={related.slice(0, SHOWN)} />
        </Section>
      )}
      {found.services.length === 0 ? null : (
        <Section
          title={`Services (${countOf(found.services, services.data.nextPage)})`}
          aside={<More path="services" term={term} />}
        >
          <ServiceTable services={found.services.slice(0, SHOWN)} />
        </Section>
      )}
      {found.replicas.length === 0 ? null : (
        <Section title={`Containers (${countOf(found.replicas)})`}>
          <DataTable
            caption="Containers"
            columns={CONTAINER_COLUMNS}
            rows={found.replicas.slice(0, SHOWN)}
            rowKey={(one) => `${one.service} ${one.id}`}
          />
        </Section>
      )}
    </>
  );
}

const CONTAINER_COLUMNS: readonly Column<ReplicaView>[] = [
  { header: 'Container', kind: 'lead', cell: (one) => <strong>{replicaName(one)}</strong> },
  {
    header: 'State',
    kind: 'wide',
    cell: (one) => (
      <>
        <ReplicaStatus replica={one} />
        {one.ready ? null : <div>{one.reason}</div>}
      </>
    ),
  },
  { header: 'Since', cell: (one) => <Since at={one.since} /> },
  { header: 'Service', cell: (one) => <Link to={placeOfService(one.service)}>{one.service}</Link> },
  { header: 'In flight', kind: 'number', cell: (one) => one.inFlight },
];

function More({ path, term }: { path: string; term: string }) {
  return (
    <Link to={[path]} query={{ q: term }}>
      Show all {path}
    </Link>
  );
}

function NothingFound({ term }: { term: string }) {
  return (
    <Section title="Nothing found">
      <Empty>
        No router, service, container or diagnostic holds “{term}”. Either no container asks for it (is{' '}
        <code>traefik.enable=true</code> set, and is the container running?), or a rule without a host takes
        it: <Link to={['routers']}>look through all routers</Link>.
      </Empty>
    </Section>
  );
}

const countOf = (list: readonly unknown[], nextPage?: number): string =>
  `${list.length.toLocaleString('en')}${nextPage === undefined ? '' : '+'}`;

const isIn = <T,>(list: readonly T[], one: T): boolean =>
  list.some((other) => JSON.stringify(other) === JSON.stringify(one));
