// All HTTP services.
import { ServiceTable } from '../components/service-table.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useOverview, useServices } from '../queries.ts';
import { ListPage } from './list-page.tsx';

/** List with search in names. */
export function ServicesPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  return (
    <ListPage
      title="Services"
      noun="services"
      placeholder="Name"
      query={query}
      result={useServices(query)}
      counts={overview?.http.services}
      whenNone="There is no service yet. Every enabled container with a port becomes one."
    >
      {(services) => <ServiceTable services={services} />}
    </ListPage>
  );
}
