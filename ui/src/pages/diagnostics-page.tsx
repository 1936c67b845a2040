// Everything that Berth found wrong or doubtful, with the way to repair it.
import type { Diagnostic } from '../../../src/model/view.ts';
import { DiagnosticList } from '../components/diagnostic-list.tsx';
import { FilterLinks } from '../components/filter-links.tsx';
import { Empty, Loaded, Page } from '../components/page.tsx';
import { SearchField } from '../components/search-field.tsx';
import { diagnosticMatches } from '../logic/search-term.ts';
import { useRoute } from '../navigation/use-route.ts';
import { useDiagnostics } from '../queries.ts';
import styles from './list-page.module.css';

type Severity = Diagnostic['severity'];

/** Narrowed by `severity` and `q` in the address. */
export function DiagnosticsPage() {
  const { query } = useRoute();
  const search = query.get('q') ?? '';
  const severity = query.get('severity') ?? '';
  const result = useDiagnostics();
  const all = result.data ?? [];
  return (
    <Page title="Diagnostics">
      <div className={styles.tools}>
        <SearchField label="Search diagnostics" placeholder="Container, label or name" value={search} />
        <FilterLinks label="Severity" name="severity" options={severityOptions(all)} />
      </div>
      <Loaded query={result}>
        {(diagnostics) => {
          const shown = diagnostics
            .filter((one) => severity === '' || one.severity === severity)
            .filter((one) => search === '' || diagnosticMatches(one, search))
            .sort((a, b) => RANKS[a.severity] - RANKS[b.severity]);
          if (diagnostics.length === 0) return <Empty>Every label and option was understood.</Empty>;
          if (shown.length === 0) return <Empty>No diagnostics match.</Empty>;
          // A new filter begins at the top of its list again.
          return <DiagnosticList key={`${severity} ${search}`} diagnostics={shown} />;
        }}
      </Loaded>
    </Page>
  );
}

const RANKS = { error: 0, warning: 1, info: 2 } satisfies Record<Severity, number>;

function severityOptions(all: readonly Diagnostic[]) {
  const count = (severity: Severity) => all.filter((one) => one.severity === severity).length;
  return [
    { value: '', text: 'All', count: all.length },
    { value: 'error', text: 'Errors', count: count('error') },
    { value: 'warning', text: 'Warnings', count: count('warning') },
    { value: 'info', text: 'Notes', count: count('info') },
  ];
}
