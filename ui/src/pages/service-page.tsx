// One service: its replicas first, because "why is it slow?" and "why does nobody answer?" are asked here.
import type { ServiceView } from '../../../src/model/view.ts';
import { FactList, OptionList } from '../components/fact-list.tsx';
import { MemberTable } from '../components/member-table.tsx';
import { NameLinks } from '../components/name-links.tsx';
import { Empty, Loaded, Page, Section } from '../components/page.tsx';
import { Reasons } from '../components/reasons.tsx';
import { ReplicaTable } from '../components/replica-table.tsx';
import { ObjectStatus } from '../components/status-badge.tsx';
import { Tile, Tiles } from '../components/tiles.tsx';
import { readinessOf } from '../logic/readiness.ts';
import { useService } from '../queries.ts';

/** `name` is qualified. */
export function ServicePage({ name }: { name: string }) {
  const query = useService(name);
  return (
    <Page title={name} aside={query.data ? <ObjectStatus status={query.data.status} /> : undefined}>
      <Loaded query={query} missing={`There is no service named ${name} now.`}>
        {(service) => (
          <>
            {service.members === undefined ? <Sums service={service} /> : null}
            <Reasons view={service} />
            <Section title={service.members === undefined ? 'Replicas' : 'Services'}>
              {service.members !== undefined ? (
                <MemberTable members={service.members} />
              ) : service.replicas.length === 0 ? (
                <Empty>No container stands behind this service now. Requests are answered with 503.</Empty>
              ) : (
                <ReplicaTable replicas={service.replicas} />
              )}
            </Section>
            <Section title="Settings">
              <Settings service={service} />
              <Balancing service={service} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Sums({ service }: { service: ServiceView }) {
  const { total, ready, inFlight, requests, failures } = readinessOf(service.replicas);
  return (
    <Tiles>
      <Tile
        name="Replicas ready"
        value={`${ready} of ${total}`}
        level={ready === 0 ? 'error' : ready < total ? 'warning' : 'ok'}
      />
      <Tile name="In flight" value={inFlight.toLocaleString('en')} />
      <Tile name="Requests" value={requests.toLocaleString('en')} />
      <Tile
        name="Failures"
        value={failures.toLocaleString('en')}
        {...(requests > 0 ? { note: `${((100 * failures) / requests).toFixed(1)} % of requests` } : {})}
      />
    </Tiles>
  );
}

function Settings({ service }: { service: ServiceView }) {
  const { loadBalancer } = service;
  return (
    <FactList
      facts={[
        ['Used by', <NameLinks key="used" section="routers" names={service.usedBy} />],
        ['Kind', service.type],
        ['Strategy', loadBalancer?.strategy],
        ['Passes the Host header', loadBalancer && (loadBalancer.passHostHeader ? 'Yes' : 'No')],
        ['Provider', service.provider],
        ['Declared by', service.origins.join(', ')],
        ['Health check', loadBalancer && loadBalancer.healthCheck === undefined ? 'None' : undefined],
      ]}
    />
  );
}

/** What is configured besides, under the names of the options. */
function Balancing({ service }: { service: ServiceView }) {
  const { loadBalancer, weighted, highestRandomWeight, failover, mirroring } = service;
  const sections = [
    ['Sticky cookie', loadBalancer?.sticky?.cookie],
    ['Health check', loadBalancer?.healthCheck],
    ['Passive health check', loadBalancer?.passiveHealthCheck],
    ['Options', weighted ?? highestRandomWeight ?? failover ?? mirroring],
  ] as const;
  return sections.map(([title, options]) =>
    options === undefined ? null : (
      <Section key={title} title={title}>
        <OptionList options={options} />
      </Section>
    ),
  );
}
