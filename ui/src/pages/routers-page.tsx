// All HTTP routers.
import { RouterTable } from '../components/router-table.tsx';
import { useListQuery } from '../navigation/use-list-query.ts';
import { useOverview, useReplicasByService, useRouters } from '../queries.ts';
import { ListPage } from './list-page.tsx';

/** List with search in names and rules. */
export function RoutersPage() {
  const query = useListQuery();
  const { data: overview } = useOverview();
  const { data: replicas } = useReplicasByService();
  return (
    <ListPage
      title="HTTP routers"
      noun="routers"
      placeholder="Name, host or path"
      query={query}
      result={useRouters(query)}
      counts={overview?.http.routers}
      whenNone={
        <>
          There is no router yet. A container becomes a route by labels such as{' '}
          <code>traefik.enable=true</code> and <code>traefik.http.routers.web.rule=Host(`example.com`)</code>.
        </>
      }
    >
      {(routers) => <RouterTable routers={routers} replicas={replicas} />}
    </ListPage>
  );
}
