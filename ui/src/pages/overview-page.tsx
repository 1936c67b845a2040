// The first page: search, what needs attention, and the figures. Typing in the search replaces the rest by its results.
import type { OverviewView } from '../../../src/model/view.ts';
import { AttentionList } from '../components/attention-list.tsx';
import { BusiestServices } from '../components/busiest-services.tsx';
import { EntryPointTable } from '../components/entry-point-table.tsx';
import { Loaded, Page, Section } from '../components/page.tsx';
import { ProviderTable } from '../components/provider-table.tsx';
import { SearchField } from '../components/search-field.tsx';
import { Tile, Tiles } from '../components/tiles.tsx';
import { toSearchTerm } from '../logic/search-term.ts';
import { useRoute } from '../navigation/use-route.ts';
import { useOverview } from '../queries.ts';
import styles from './overview-page.module.css';
import { SearchResults } from './search-results.tsx';

/** `q` in the address is what is searched for. */
export function OverviewPage() {
  const { query } = useRoute();
  const typed = query.get('q') ?? '';
  const term = toSearchTerm(typed);
  const result = useOverview();
  return (
    <Page title="Overview" aside={result.data ? <Version overview={result.data} /> : undefined}>
      <SearchField
        isLarge
        label="Search everything by name, host, URL or container"
        placeholder="Why does my route not work? Type its host, name or container"
        value={typed}
      />
      {term === '' ? (
        <Loaded query={result}>{(overview) => <Summary overview={overview} />}</Loaded>
      ) : (
        <SearchResults term={term} />
      )}
    </Page>
  );
}

function Version({ overview: { berth } }: { overview: OverviewView }) {
  return (
    <p className={styles.version}>
      {berth.name ? `${berth.name}, ` : ''}configuration {berth.configVersion.toLocaleString('en')}
    </p>
  );
}

function Summary({ overview }: { overview: OverviewView }) {
  const { berth } = overview;
  return (
    <>
      <AttentionList providers={berth.providerStates} />
      <Section title="Now">
        <Figures overview={overview} />
      </Section>
      <Section title="Busiest services">
        <BusiestServices />
      </Section>
      <div className={styles.columns}>
        <Section title="Entry points">
          <EntryPointTable />
        </Section>
        <Section title="Providers">
          <ProviderTable states={berth.providerStates} />
        </Section>
      </div>
    </>
  );
}

function Figures({ overview: { http, berth } }: { overview: OverviewView }) {
  const { ready, total } = berth.replicas;
  const { errors, warnings } = berth.diagnostics;
  return (
    <Tiles>
      <Tile
        name="Replicas ready"
        value={`${ready.toLocaleString('en')} of ${total.toLocaleString('en')}`}
        level={ready === total ? 'ok' : ready === 0 ? 'error' : 'warning'}
      />
      <Tile name="Requests in flight" value={berth.inFlight.toLocaleString('en')} />
      <Tile name="HTTP routers" to={['routers']} {...figure(http.routers)} />
      <Tile name="Services" to={['services']} {...figure(http.services)} />
      <Tile name="Middlewares" to={['middlewares']} {...figure(http.middlewares)} />
      <Tile
        name="Diagnostics"
        to={['diagnostics']}
        value={(errors + warnings + berth.diagnostics.infos).toLocaleString('en')}
        note={inWords([
          [errors, 'error'],
          [warnings, 'warning'],
          [berth.diagnostics.infos, 'note'],
        ])}
        level={errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'ok'}
      />
    </Tiles>
  );
}

function figure(counts: OverviewView['http']['routers']) {
  return {
    value: counts.total.toLocaleString('en'),
    note: inWords([
      [counts.errors, 'disabled', 'disabled'],
      [counts.warnings, 'with warnings', 'with warnings'],
    ]),
    level:
      counts.errors > 0 ? ('error' as const) : counts.warnings > 0 ? ('warning' as const) : ('ok' as const),
  };
}

function inWords(parts: readonly (readonly [count: number, one: string, many?: string])[]): string {
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many = `${one}s`]) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`);
  return words.length === 0 ? 'Nothing wrong' : words.join(', ');
}
