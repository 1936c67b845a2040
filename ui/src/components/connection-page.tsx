// The page of TCP or UDP: routers and services together, because few gateways have many. Replicas are live, as everywhere.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Counts, ReplicaView, Status } from '../../../src/model/view.ts';
import type { Page as ListPage } from '../api.ts';
import { useReplicasByService } from '../queries.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Empty, Loaded, Page, Section } from './page.tsx';
import { Pager } from './pager.tsx';
import { ServiceSection } from './service-section.tsx';
import { ObjectStatus } from './status-badge.tsx';

type Named = { readonly name: string };

/** `page` counts for both lists; `children` stand between them. */
export function ConnectionPage<R extends Named>({
  protocol,
  page,
  routers,
  columns,
  services,
  counts,
  children,
}: {
  protocol: 'tcp' | 'udp';
  page: number;
  routers: UseQueryResult<ListPage<R>>;
  columns: readonly Column<R>[];
  services: UseQueryResult<ListPage<Named & { readonly replicas: readonly ReplicaView[] }>>;
  counts: { readonly routers: Counts; readonly services: Counts } | undefined;
  children?: ReactNode;
}) {
  const { data: replicas } = useReplicasByService();
  const title = protocol.toUpperCase();
  return (
    <Page title={title}>
      <Section title="Routers">
        <Loaded query={routers}>
          {({ items, nextPage }) =>
            items.length === 0 ? (
              <Empty>There is no {title} router on this page.</Empty>
            ) : (
              <>
                <DataTable caption={`${title} routers`} columns={columns} rows={items} rowKey={nameOf} />
                <Pager page={page} shown={items.length} nextPage={nextPage} total={counts?.routers.total} />
              </>
            )
          }
        </Loaded>
      </Section>
      {children}
      <Loaded query={services}>
        {({ items, nextPage }) => (
          <>
            {items.map((service) => (
              <ServiceSection key={service.name} protocol={protocol} service={service} replicas={replicas} />
            ))}
            <Pager page={page} shown={items.length} nextPage={nextPage} total={counts?.services.total} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The status of an object with every reason. */
export const statusColumn: Column<{ readonly status: Status; readonly error?: readonly string[] }> = {
  header: 'Status',
  kind: 'wide',
  cell: ({ status, error }) => (
    <>
      <ObjectStatus status={status} />
      {error?.map((reason) => (
        <div key={reason}>{reason}</div>
      ))}
    </>
  ),
};

/** Where a router listens and leads. */
export const placeColumns = {
  entryPoints: {
    header: 'Entry points',
    cell: ({ using }) => using.join(', ') || 'None',
  } satisfies Column<{ readonly using: readonly string[] }>,
  service: {
    header: 'Service',
    cell: ({ service }) => service || 'None',
  } satisfies Column<{ readonly service: string }>,
};

const nameOf = ({ name }: Named): string => name;
